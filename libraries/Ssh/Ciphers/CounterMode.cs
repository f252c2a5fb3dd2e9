using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Workspaces.Ssh.Ciphers;

/// <summary>AES in counter mode; the counter runs on over all packets of a key (RFC 4344 section 4).</summary>
internal sealed class CounterMode
{
    public const int Block = 16;

    private readonly SicBlockCipher _cipher = new(AesUtilities.CreateEngine());

    public CounterMode(byte[] key, byte[] initialCounter) => _cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), initialCounter));

    /// <summary>Encrypts or decrypts whole blocks; padding makes every packet so.</summary>
    public void Transform(ReadOnlySpan<byte> input, Span<byte> output)
    {
        for (var i = 0; i < input.Length; i += Block)
        {
            _cipher.ProcessBlock(input[i..], output[i..]);
        }
    }
}
