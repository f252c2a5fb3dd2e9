using System.Buffers.Text;
using System.Security.Cryptography;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.LocalSuite.Secrets;

/// <summary>Passwords, API keys and SSH keys of one suite: random, made once, each in a file that only this user can read.</summary>
public sealed class SecretFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder;

    /// <summary>Opens the folder and makes it where it is missing.</summary>
    public SecretFolder(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Where a secret is.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>A password.</summary>
    public string Password(string name) => GetOrMake(name, () => Random());

    /// <summary>An API key, with the prefix by which secret scanners know it.</summary>
    public string ApiKey(string name) => GetOrMake(name, () => $"wsk_{Random()}");

    /// <summary>A key for encryption, 32 bytes in base64. Returns the file.</summary>
    public string EncryptionKey(string name)
    {
        GetOrMake(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return File(name);
    }

    /// <summary>A private key for signatures, ECDSA on P-256 in PEM. Returns the file.</summary>
    public string SigningKey(string name)
    {
        GetOrMake(name, () =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        });
        return File(name);
    }

    /// <summary>An ed25519 key pair in OpenSSH's format: the private key in the file, the public line in <c>file.pub</c>. Returns the public line.</summary>
    public async Task<string> SshKeyAsync(string name, string comment, CancellationToken cancellation)
    {
        var file = File(name);
        if (!System.IO.File.Exists(file) || !System.IO.File.Exists($"{file}.pub"))
        {
            // Under another name first: half a pair from an interrupted start must not count.
            var draft = $"{file}.new";
            System.IO.File.Delete(draft);
            await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", draft], cancellation);
            System.IO.File.Move($"{draft}.pub", $"{file}.pub", overwrite: true);
            System.IO.File.Move(draft, file, overwrite: true);
        }

        return (await System.IO.File.ReadAllTextAsync($"{file}.pub", cancellation)).Trim();
    }

    /// <summary>Writes a file that holds secrets.</summary>
    public void Write(string name, string text)
    {
        var draft = File($"{name}.new");
        System.IO.File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
        }

        System.IO.File.Move(draft, File(name), overwrite: true);
    }

    private string GetOrMake(string name, Func<string> make)
    {
        if (!System.IO.File.Exists(File(name)))
        {
            Write(name, make());
        }

        return System.IO.File.ReadAllText(File(name)).Trim();
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
}
