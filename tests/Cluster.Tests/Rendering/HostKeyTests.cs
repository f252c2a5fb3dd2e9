using System.Diagnostics;
using Workspaces.Cluster.Rendering;
using Xunit;

namespace Workspaces.Cluster.Tests.Rendering;

public sealed class HostKeyTests
{
    [Fact]
    public void Read_OfGeneratedKey_HasTheSamePublicHalf()
    {
        var made = HostKey.Generate();

        Assert.Equal(made.PublicLine, HostKey.Read(made.PrivatePem).PublicLine);
    }

    [Fact]
    public void ToString_OfKey_DoesNotShowThePrivateHalf() => Assert.DoesNotContain("PRIVATE", HostKey.Generate().ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nnot base64\n-----END OPENSSH PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n")]
    public void Read_OfDamagedKey_IsAFormatError(string pem) => Assert.Throws<FormatException>(() => HostKey.Read(pem));

    /// <summary>OpenSSH itself reads the file and derives the same public half.</summary>
    [Fact]
    public async Task Generate_IsReadByOpenSsh()
    {
        var made = HostKey.Generate();
        var file = Path.Combine(Path.GetTempPath(), $"hostkey-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, made.PrivatePem, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-y", "-f", file]) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(0, process.ExitCode);
            Assert.Equal(made.PublicLine, string.Join(' ', output.Trim().Split(' ').Take(2)));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
