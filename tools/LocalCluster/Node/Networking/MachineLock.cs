namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>A lock among all LocalClusters of this machine, held while something of the machine is chosen and claimed.</summary>
internal static class MachineLock
{
    private const string Folder = "/run/workspaces-localcluster";

    public static async Task<IDisposable> AcquireAsync(string name, CancellationToken ct)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, name + ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another LocalCluster holds it for some milliseconds; its end, however it ends, releases it.
                await Task.Delay(10, ct);
            }
        }
    }
}
