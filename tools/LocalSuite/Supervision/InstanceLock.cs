namespace Workspaces.LocalSuite.Supervision;

/// <summary>Held by the one supervisor of a state folder. The kernel releases it however that process ends.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when somebody has it.</summary>
    public static InstanceLock? TryTake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            return new InstanceLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether somebody has it.</summary>
    public static bool IsTaken(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        using var taken = TryTake(file);
        return taken is null;
    }

    public void Dispose() => _file.Dispose();
}
