using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Heads;

/// <summary>Signs statements about the head of the log, and verifies them: JSON Web Signatures (RFC 7515) with ES256.</summary>
public sealed class HeadSigner : IDisposable
{
    private const string Type = "workspaces-log-head";
    private const int KeySize = 256;

    private readonly ECDsa? _key;

    /// <summary>Reads the key, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The file is not a key of that kind.</exception>
    public HeadSigner(IOptions<HeadOptions> options)
    {
        if (options.Value.KeyFile is not { Length: > 0 } file)
        {
            return;
        }

        _key = ECDsa.Create();
        try
        {
            _key.ImportFromPem(File.ReadAllText(file));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{HeadOptions.Section}:{nameof(HeadOptions.KeyFile)} ({file}) cannot be read as a private key in PEM.", e);
        }

        if (_key.KeySize != KeySize)
        {
            throw new InvalidOperationException($"{HeadOptions.Section}:{nameof(HeadOptions.KeyFile)} must be a key on P-256; this one has {_key.KeySize} bits.");
        }
    }

    /// <summary>Whether there is a key.</summary>
    public bool CanSign => _key is not null;

    /// <summary>The public key in PEM; null: there is none.</summary>
    public string? PublicKey => _key?.ExportSubjectPublicKeyInfoPem();

    /// <summary>Signs a statement.</summary>
    public string Sign(HeadStatement statement)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", typ = Type });
        var payload = JsonSerializer.SerializeToUtf8Bytes(statement, ContractsJson.Options);
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var key = _key ?? throw new InvalidOperationException("There is no key to sign with.");
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    /// <summary>The statement of a signature that is genuine; null: it is not, or is something else.</summary>
    public HeadStatement? Verify(string jws)
    {
        if (_key is null || jws.Split('.') is not [var header, var payload, var signature])
        {
            return null;
        }

        try
        {
            using var type = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            return type.RootElement.TryGetProperty("typ", out var typ) && typ.ValueEquals(Type)
                && _key.VerifyData(
                    Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                ? JsonSerializer.Deserialize<HeadStatement>(Base64Url.DecodeFromChars(payload), ContractsJson.Options)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();
}
