using System.Net;
using System.Text;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Relaying;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Proxy.Tests.Authenticating;

public sealed class UserCertificatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");
    private static readonly SshPrivateKey Authority = SshPrivateKey.GenerateEd25519();
    private static readonly SshPrivateKey User = SshPrivateKey.GenerateEd25519();

    private readonly UserCertificates _certificates = new(
        [new UserAuthority(Authority.PublicKey, PrincipalsAreUsers: true, new Dictionary<string, string> { ["ops-team"] = "operator" })]);

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("ops-team", "operator")]
    [InlineData("alice,ops-team", "alice,operator")]
    public void Check_OfAnAcceptableCertificate_SaysWhomItStandsFor(string principals, string users)
    {
        var verdict = Check(Certificate(principals: principals.Split(',')));

        Assert.Equal(CertificateRefusal.None, verdict.Refusal);
        Assert.Equal(users.Split(','), verdict.Users);
    }

    [Fact]
    public void Check_WhereOnlyListedPrincipalsStandForUsers_RefusesOthers()
    {
        var listed = new UserCertificates([new UserAuthority(Authority.PublicKey, false, new Dictionary<string, string> { ["a@corp"] = "alice" })]);

        Assert.Equal(["alice"], listed.Check(Certificate(principals: ["a@corp"]), Client, null, KeyRevocationList.Empty, Now).Users);
        Assert.Equal(CertificateRefusal.NoUser, listed.Check(Certificate(principals: ["alice"]), Client, null, KeyRevocationList.Empty, Now).Refusal);
    }

    [Fact]
    public void Check_OfAnothersCertificate_Refuses() =>
        Assert.Equal(CertificateRefusal.UnknownAuthority, Check(Certificate(SshPrivateKey.GenerateEd25519())).Refusal);

    [Fact]
    public void Check_OfAHostsCertificate_Refuses() =>
        Assert.Equal(CertificateRefusal.NotForUsers, Check(Certificate(type: CertificateType.Host)).Refusal);

    [Theory]
    [InlineData(-120, -60)]
    [InlineData(60, 120)]
    public void Check_OutsideOfItsTime_Refuses(int from, int to) =>
        Assert.Equal(CertificateRefusal.NotValidNow, Check(Certificate(after: Now.AddSeconds(from), before: Now.AddSeconds(to))).Refusal);

    [Fact]
    public void Check_WithoutPrincipals_Refuses() =>
        Assert.Equal(CertificateRefusal.NoPrincipals, Check(WithoutPrincipals()).Refusal);

    [Fact]
    public void Check_OfARevokedOne_Refuses()
    {
        var revoked = KeyRevocationList.Parse(Encoding.ASCII.GetBytes($"{User.PublicKey}\n"));

        Assert.Equal(CertificateRefusal.Revoked, _certificates.Check(Certificate(), Client, null, revoked, Now).Refusal);
    }

    [Theory]
    [InlineData("192.0.2.7", CertificateRefusal.None)]
    [InlineData("10.0.0.0/8,192.0.2.0/24", CertificateRefusal.None)]
    [InlineData("10.0.0.0/8", CertificateRefusal.WrongAddress)]
    [InlineData("192.0.2.7,nonsense", CertificateRefusal.WrongAddress)]
    [InlineData("!192.0.2.7", CertificateRefusal.WrongAddress)]
    public void Check_OfSourceAddresses_TakesOnlyThose(string addresses, CertificateRefusal expected) =>
        Assert.Equal(expected, Check(Certificate(options: (CertificateNames.SourceAddress, addresses))).Refusal);

    [Fact]
    public void Check_OfSourceAddressesFromNowhere_Refuses() => Assert.Equal(
        CertificateRefusal.WrongAddress,
        _certificates.Check(Certificate(options: (CertificateNames.SourceAddress, "0.0.0.0/0")), client: null, null, KeyRevocationList.Empty, Now).Refusal);

    [Theory]
    [InlineData(null, CertificateRefusal.None)] // a query: nothing has been signed yet
    [InlineData(SecurityKeyFlags.UserPresent, CertificateRefusal.NotVerified)]
    [InlineData(SecurityKeyFlags.UserPresent | SecurityKeyFlags.UserVerified, CertificateRefusal.None)]
    public void Check_OfVerifyRequired_DemandsIt(SecurityKeyFlags? flags, CertificateRefusal expected) => Assert.Equal(
        expected,
        _certificates.Check(Certificate(options: (CertificateNames.VerifyRequired, "")), Client, flags, KeyRevocationList.Empty, Now).Refusal);

    [Fact]
    public void Check_OfAnUnknownCriticalOption_Refuses() =>
        Assert.Equal(CertificateRefusal.UnknownRestriction, Check(Certificate(options: ("only-on-tuesdays@example.com", ""))).Refusal);

    [Fact]
    public void Grant_OfACertificate_IsNoMoreThanItPermits()
    {
        var certificate = new SshCertificateBuilder
        {
            Key = User.PublicKey,
            KeyId = "alice",
            Principals = ["alice"],
            ValidAfter = Now.AddHours(-1),
            ValidBefore = Now.AddHours(1),
            CriticalOptions = new Dictionary<string, string> { [CertificateNames.ForceCommand] = "uptime" },
            Extensions = new Dictionary<string, string> { [CertificateNames.PermitPty] = "", [CertificateNames.PermitPortForwarding] = "" },
        }.Sign(Authority);

        var grant = SessionGrant.Of(RelayPolicy.AllowAll with { RemoteForward = false }, certificate);

        Assert.Equal("uptime", grant.ForceCommand);
        Assert.Equal([CertificateNames.PermitPty, CertificateNames.PermitPortForwarding], grant.Permissions);
        Assert.Equal(
            new RelayPolicy { LocalForward = true, RemoteForward = false, AgentForward = false, X11 = false }, grant.Policy);
    }

    [Fact]
    public void Grant_WithoutCertificate_IsThePolicy()
    {
        var grant = SessionGrant.Of(RelayPolicy.AllowAll with { AgentForward = false }, certificate: null);

        Assert.Null(grant.ForceCommand);
        Assert.DoesNotContain(CertificateNames.PermitAgentForwarding, grant.Permissions);
        Assert.Contains(CertificateNames.PermitX11Forwarding, grant.Permissions);
    }

    private CertificateVerdict Check(SshCertificate certificate) => _certificates.Check(certificate, Client, null, KeyRevocationList.Empty, Now);

    private static SshCertificate Certificate(
        SshPrivateKey? authority = null,
        CertificateType type = CertificateType.User,
        string[]? principals = null,
        DateTimeOffset? after = null,
        DateTimeOffset? before = null,
        params (string Name, string Value)[] options) => new SshCertificateBuilder
        {
            Key = User.PublicKey,
            Type = type,
            KeyId = "alice",
            Principals = principals ?? ["alice"],
            ValidAfter = after ?? Now.AddHours(-1),
            ValidBefore = before ?? Now.AddHours(1),
            CriticalOptions = options.ToDictionary(option => option.Name, option => option.Value),
        }.Sign(authority ?? Authority);

    /// <summary>The builder makes none, so this is made by hand (PROTOCOL.certkeys).</summary>
    private static SshCertificate WithoutPrincipals()
    {
        var writer = new SshWriter();
        writer.WriteString(KeyTypes.Ed25519 + CertificateNames.TypeSuffix);
        writer.WriteString(new byte[32]);
        var key = new SshReader(User.PublicKey.Blob.Span);
        key.ReadString();
        writer.WriteRaw(key.Remaining);
        writer.WriteUInt64(1);
        writer.WriteUInt32((uint)CertificateType.User);
        writer.WriteString("everybody");
        writer.WriteString("");
        writer.WriteUInt64(0);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteString("");
        writer.WriteString("");
        writer.WriteString("");
        writer.WriteString(Authority.PublicKey.Blob.Span);
        writer.WriteString(Authority.Sign(KeyTypes.Ed25519, writer.WrittenSpan));
        return SshCertificate.Parse(writer.WrittenSpan);
    }
}
