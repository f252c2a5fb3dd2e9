using System.Runtime.InteropServices;

namespace Workspaces.LocalCluster.Node.Native;

/// <summary>
/// The system calls that have no .NET equivalent and no cheap command-line tool. Structures are laid out for 64-bit Linux
/// (x64 and arm64 agree on all of them).
/// </summary>
internal static unsafe partial class Libc
{
    public const int SignalKill = 9;
    public const int CloneNewNetwork = 0x40000000;
    public const int CloneNewMounts = 0x00020000;
    public const nuint MountNoSetUserId = 2;
    public const nuint MountNoDevices = 4;
    public const nuint MountNoExecution = 8;
    private const int CloneFileSystem = 0x200;
    private const int DetachMount = 2;
    private const int NoSuchFile = 2;
    private const int InvalidArgument = 22;
    private const nuint TiocSetWindowSize = 0x5414;
    private const int SocketLevel = 1;
    private const int RightsMessage = 1;
    private const int CloseOnExec = 0x40000000;
    private const int NoSuchProcess = 3;
    private const int EventCloseOnExec = 0x80000;
    private const short PollIn = 1;
    private const int Interrupted = 4;

    /// <summary>Sends a signal; a process that is gone already is what the caller wanted.</summary>
    public static void Kill(int processId, int signal)
    {
        if (KillNative(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new IOException($"Cannot signal process {processId}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Moves the calling thread into the namespace behind an open /proc/PID/ns file.</summary>
    public static void EnterNamespace(SafeHandle namespaceFile, int kind)
    {
        if (SetNamespace((int)namespaceFile.DangerousGetHandle(), kind) != 0)
        {
            throw Failure("enter the namespace");
        }
    }

    public static void SetAttribute(string path, string name, string value)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(value);
        fixed (byte* data = bytes)
        {
            if (SetExtendedAttribute(path, name, data, (nuint)bytes.Length, 0) != 0)
            {
                throw Failure($"set attribute {name} on {path}");
            }
        }
    }

    /// <summary>Changes owner and group of a path without following a symbolic link; -1 leaves one as it is.</summary>
    public static void ChangeOwner(string path, int user, int group)
    {
        if (ChangeOwnerNative(path, user, group) != 0)
        {
            throw Failure($"change the owner of {path}");
        }
    }

    /// <summary>Puts a file in the place of another in one step. Unlike File.Move it also works on symbolic links to folders.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameNative(from, to) != 0)
        {
            throw Failure($"rename {from} to {to}");
        }
    }

    public static void SetTerminalSize(SafeHandle terminal, int columns, int rows)
    {
        var size = new WindowSize { Rows = (ushort)rows, Columns = (ushort)columns };
        if (IoControl((int)terminal.DangerousGetHandle(), TiocSetWindowSize, &size) != 0)
        {
            throw Failure("set the terminal size");
        }
    }

    /// <summary>Receives one file descriptor that the peer of a Unix socket passes along with at least one byte.</summary>
    public static int ReceiveDescriptor(SafeHandle socket)
    {
        byte* data = stackalloc byte[256];
        byte* control = stackalloc byte[64];
        var vector = new IoVector { Base = data, Length = 256 };
        var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 64 };
        if (ReceiveMessage((int)socket.DangerousGetHandle(), &message, CloseOnExec) <= 0)
        {
            throw Failure("receive a terminal from the container runtime");
        }

        var header = (ControlHeader*)control;
        if (message.ControlLength < (nuint)sizeof(ControlHeader) || header->Level != SocketLevel || header->Type != RightsMessage)
        {
            throw new IOException("The container runtime sent a message without a terminal on the console socket.");
        }

        return *(int*)(control + sizeof(ControlHeader));
    }

    /// <summary>Gives the calling thread a root and working folder of its own.</summary>
    public static void OwnFileSystemContext()
    {
        if (UnshareNative(CloneFileSystem) != 0)
        {
            throw Failure("separate the thread's view of the file system");
        }
    }

    public static void Mount(string source, string target, string type, nuint flags, string data)
    {
        if (MountNative(source, target, type, flags, data) != 0)
        {
            throw Failure($"mount {type} at {target}");
        }
    }

    /// <summary>Detaches what is mounted at a path; where nothing is, nothing happens.</summary>
    public static void UnmountLazily(string target)
    {
        if (UnmountNative(target, DetachMount) != 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or NoSuchFile))
        {
            throw Failure($"unmount {target}");
        }
    }

    /// <summary>A counter of the kernel that something signals and <see cref="ReadCounter"/> waits for.</summary>
    public static int NewCounter()
    {
        var descriptor = EventDescriptor(0, EventCloseOnExec);
        return descriptor >= 0 ? descriptor : throw Failure("make an event counter");
    }

    /// <summary>Waits until the counter is not zero, up to a limit (-1: none); returns it, which sets it back, or 0 when the time is over.</summary>
    public static ulong ReadCounter(int descriptor, int milliseconds)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        int ready;
        do
        {
            ready = Poll(&poll, 1, milliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (ready <= 0)
        {
            return 0;
        }

        ulong value = 0;
        return ReadNative(descriptor, &value, sizeof(ulong)) == sizeof(ulong) ? value : 0;
    }

    public static void Close(int descriptor) => _ = CloseNative(descriptor);

    private static IOException Failure(string action) => new($"Cannot {action}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetExtendedAttribute(string path, string name, byte* value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwnerNative(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(int descriptor, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int UnshareNative(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountNative(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountNative(string target, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int descriptor, void* data, nuint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseNative(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
