using System.Threading.Channels;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Isolation;

/// <summary>
/// A thread that lives in the node's mount namespace and mounts there: a system call each, where commands would be several processes. While it lives the namespace
/// does too, so it ends before the node's namespaces are said to be gone.
/// </summary>
internal sealed class MountThread : IDisposable
{
    private readonly Channel<(Action Action, TaskCompletionSource Done)> _work =
        Channel.CreateUnbounded<(Action Action, TaskCompletionSource Done)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Thread _thread;

    /// <param name="namespaceFile">The mount namespace's file under /proc.</param>
    public MountThread(string namespaceFile)
    {
        var entered = new TaskCompletionSource();
        _thread = new Thread(() => Work(namespaceFile, entered), maxStackSize: 256 * 1024) { IsBackground = true, Name = "mounts" };
        _thread.Start();
        entered.Task.GetAwaiter().GetResult();
    }

    /// <summary>Mounts a file system. <paramref name="flags"/> are of <see cref="Libc"/>.</summary>
    public Task MountAsync(string source, string target, string type, nuint flags, string data) =>
        Run(() => Libc.Mount(source, target, type, flags, data)) ?? throw new ObjectDisposedException(nameof(MountThread));

    /// <summary>
    /// Takes away what is mounted at a path, as soon as nobody uses it any more. Nothing mounted there is no error, and after the end of the namespace nothing is.
    /// </summary>
    public Task UnmountAsync(string target) => Run(() => Libc.UnmountLazily(target)) ?? Task.CompletedTask;

    public void Dispose()
    {
        _work.Writer.TryComplete();
        _thread.Join();
    }

    /// <summary>Completes when the thread has done it; null when the thread has ended.</summary>
    private Task? Run(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.Writer.TryWrite((action, done)) ? done.Task : null;
    }

    private void Work(string namespaceFile, TaskCompletionSource entered)
    {
        try
        {
            // A thread can change its mount namespace only when it shares root and working folder with no other.
            Libc.OwnFileSystemContext();
            using var file = File.OpenHandle(namespaceFile);
            Libc.EnterNamespace(file, Libc.CloneNewMounts);
            entered.SetResult();
        }
        catch (Exception e)
        {
            entered.SetException(e);
            return;
        }

        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            if (!_work.Reader.TryRead(out var item))
            {
                continue;
            }

            var (action, done) = item;
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
