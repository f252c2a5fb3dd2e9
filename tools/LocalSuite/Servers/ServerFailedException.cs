namespace Workspaces.LocalSuite.Servers;

/// <summary>A server ended or was not ready in time. The message has the end of its log.</summary>
public sealed class ServerFailedException(IServer server, string how)
    : SuiteException($"{server.Name} {how}. The end of {server.Start.LogFile}:\n{LogTail.Read(server.Start.LogFile)}");
