using System.Security.Cryptography;

namespace Workspaces.Auditor.Tests;

/// <summary>A key for the secrets of webhooks, for all tests of this run.</summary>
internal static class SecretsKey
{
    /// <summary>The file that has it.</summary>
    public static string File { get; } = Make();

    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string Make()
    {
        var file = Path.GetTempFileName();
        System.IO.File.WriteAllText(file, New());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.Delete(file);
        return file;
    }
}
