using System.Globalization;
using System.Text;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.KeyExchange;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Ssh.Tests.Parsers;

/// <summary>
/// Every parser of what peers send, with changed copies of what is valid: it answers or refuses with <see cref="SshFormatException"/>, and
/// allocates no more than a small multiple of what it was given. <c>WORKSPACES_FUZZ_INPUTS</c> sets the number of inputs for each parser;
/// <c>docs/ssh.md</c> says how to make a long run.
/// </summary>
public sealed class ParserPropertyTests
{
    private const int InputsInATestRun = 5_000;

    /// <summary>No input may make a parser allocate more than this, whatever lengths it claims.</summary>
    private const long MaxAllocation = 1 << 20;

    private static readonly SshPrivateKey User = SshPrivateKey.GenerateEd25519();
    private static readonly SshPrivateKey Rsa = RsaPrivateKey.Generate(2048);
    private static readonly SshPrivateKey Ecdsa = EcdsaPrivateKey.Generate(KeyTypes.EcdsaNistP256);

    private delegate void Parser(byte[] input);

    private static readonly Dictionary<string, (Parser Parse, byte[][] Seeds)> Parsers = new(StringComparer.Ordinal)
    {
        ["identification"] = (input => SshIdentification.Parse(input), [.. new[] { "SSH-2.0-OpenSSH_9.2p1 Debian-2", "SSH-1.99-x" }.Select(Encoding.ASCII.GetBytes)]),
        ["kexinit"] = (input => KexInit.Parse(input),
            [KexInit.Create(SshAlgorithms.AllKeyExchanges, SshAlgorithms.DefaultHostKeyAlgorithms, SshAlgorithms.DefaultCiphers, SshAlgorithms.DefaultMacs).Payload.ToArray()]),
        ["ext-info"] = (input => ExtensionInfo.Parse(input),
            [ExtensionInfo.Message((ExtensionInfo.ServerSignatureAlgorithms, "ssh-ed25519,rsa-sha2-512"), (ExtensionInfo.Ping, "0")).ToArray()]),
        ["public key"] = (input => SshPublicKey.Parse(input), [.. new[] { User, Rsa, Ecdsa }.Select(key => key.PublicKey.Blob.ToArray())]),
        ["certificate"] = (input => SshCertificate.Parse(input), [Certificate(User).Blob.ToArray(), Certificate(Rsa).Blob.ToArray()]),
        ["signature"] = (input => User.PublicKey.Verify(KeyTypes.Ed25519, input, "data"u8), [User.Sign(KeyTypes.Ed25519, "data"u8)]),
        ["ECDSA signature"] = (input => Ecdsa.PublicKey.Verify(KeyTypes.EcdsaNistP256, input, "data"u8), [Ecdsa.Sign(KeyTypes.EcdsaNistP256, "data"u8)]),
        ["private key file"] = (input => SshPrivateKey.Parse(Encoding.Latin1.GetString(input)), [Encoding.ASCII.GetBytes(User.ToOpenSshFormat("a comment"))]),
        ["key line"] = (input => AuthorizedKey.Parse(Encoding.Latin1.GetString(input)),
            [Encoding.ASCII.GetBytes($"command=\"echo \\\"x\\\"\",no-pty {User.PublicKey} comment")]),
        ["revocation list"] = (input => KeyRevocationList.Parse(input), [RevocationList()]),
        ["authentication request"] = (ReadRequest, [Request()]),
        ["answer"] = (input => InteractiveMessages.ReadAnswer(input.Length == 0 ? [61] : input), [Answer()]),
        ["key exchange value, ML-KEM"] = (Exchange(KeyExchangeMethod.MlKem768X25519), [Value(KeyExchangeMethod.MlKem768X25519)]),
        ["key exchange value, curve"] = (Exchange(KeyExchangeMethod.EcdhNistP256), [Value(KeyExchangeMethod.EcdhNistP256)]),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    private static int Inputs =>
        int.TryParse(Environment.GetEnvironmentVariable("WORKSPACES_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs : InputsInATestRun;

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_OfChangedInput_AnswersOrRefusesAndAllocatesLittle(string name)
    {
        var (parse, seeds) = Parsers[name];
        Array.ForEach(seeds, seed => parse(seed)); // what is valid is taken; and what is compiled now does not count below
        var random = new Random(Inputs);
        for (var i = 0; i < Inputs; i++)
        {
            var input = Change(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                parse(input);
            }
            catch (SshFormatException)
            {
                // Refused.
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}: {e.GetType().Name} by input {Convert.ToHexString(input)}: {e}");
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocation);
        }
    }

    /// <summary>One to four changes: bytes, lengths that claim much, cuts, repetitions.</summary>
    private static byte[] Change(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 4; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(64), bytes.Count - at)));
                    break;
                default:
                    byte[] length = [.. new byte[] { 0xff, 0x7f, 0x00, 0x80 }.OrderBy(_ => random.Next())];
                    for (var i = 0; i < length.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = length[i];
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static SshCertificate Certificate(SshPrivateKey key) => new SshCertificateBuilder
    {
        Key = key.PublicKey,
        KeyId = "alice",
        Principals = ["alice", "ops"],
        ValidAfter = DateTimeOffset.UnixEpoch,
        ValidBefore = DateTimeOffset.MaxValue,
        CriticalOptions = new Dictionary<string, string> { [CertificateNames.SourceAddress] = "10.0.0.0/8" },
        Extensions = new Dictionary<string, string> { [CertificateNames.PermitPty] = "" },
    }.Sign(User);

    /// <summary>With each kind of section (PROTOCOL.krl).</summary>
    private static byte[] RevocationList()
    {
        var certificates = new SshWriter();
        certificates.WriteString(User.PublicKey.Blob.Span);
        certificates.WriteString("");
        WriteSection(certificates, 0x20, data => data.WriteUInt64(7));
        WriteSection(certificates, 0x21, data => { data.WriteUInt64(10); data.WriteUInt64(20); });
        WriteSection(certificates, 0x22, data => { data.WriteUInt64(100); data.WriteMpint([0x81, 0x01]); });
        WriteSection(certificates, 0x23, data => data.WriteString("laptop"));
        var list = new SshWriter();
        list.WriteRaw("SSHKRL\n\0"u8);
        list.WriteUInt32(1);
        list.WriteRaw(new byte[24]);
        list.WriteString("");
        list.WriteString("a comment");
        WriteSection(list, 1, data => data.WriteRaw(certificates.WrittenSpan));
        WriteSection(list, 2, data => data.WriteString(Rsa.PublicKey.Blob.Span));
        WriteSection(list, 5, data => data.WriteString(new byte[32]));
        return list.ToArray();
    }

    private static void WriteSection(SshWriter into, byte type, Action<SshWriter> write)
    {
        var data = new SshWriter();
        write(data);
        into.WriteByte(type);
        into.WriteString(data.WrittenSpan);
    }

    private static byte[] Request()
    {
        var request = new SshWriter();
        request.WriteBoolean(true);
        request.WriteString(KeyTypes.Ed25519);
        request.WriteString(User.PublicKey.Blob.Span);
        request.WriteString(User.PublicKey.Blob.Span);
        request.WriteString(User.Sign(KeyTypes.Ed25519, "data"u8));
        return request.ToArray();
    }

    private static void ReadRequest(byte[] input)
    {
        var reader = new SshReader(input);
        PublicKeyRequest.Parse(input, ref reader, hostBound: true).TryReadKey(SshAlgorithms.DefaultUserSignatures);
    }

    private static byte[] Answer()
    {
        var answer = SshWriter.Message(MessageNumber.UserAuthInfoResponse);
        answer.WriteUInt32(1);
        answer.WriteString("1");
        return answer.ToArray();
    }

    private static Parser Exchange(string method) => input =>
    {
        using var server = KeyExchangeMethod.Create(method);
        server.Respond(input);
    };

    private static byte[] Value(string method)
    {
        using var client = KeyExchangeMethod.Create(method);
        return client.Start();
    }
}
