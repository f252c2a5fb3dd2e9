namespace Workspaces.LocalSuite.Servers;

/// <summary>Where and how a local PostgreSQL runs.</summary>
/// <param name="Folder">Folder of its own; as root, the user <c>postgres</c> must be able to enter every folder above it.</param>
/// <param name="Port">TCP port on 127.0.0.1.</param>
/// <param name="Password">Password of the superuser <c>postgres</c>.</param>
/// <param name="LogFile">Where its output goes.</param>
public sealed record PostgresOptions(string Folder, int Port, string Password, string LogFile)
{
    /// <summary>Data that nobody misses after a crash: no fsync, several times faster. For tests.</summary>
    public bool Disposable { get; init; }
}
