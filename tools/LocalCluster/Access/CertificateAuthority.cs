using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// The cluster's own certificate authority, kept in the state folder so that a kubeconfig stays good over restarts. It signs the server's
/// certificate (for loopback and the in-cluster names) and client certificates, whose common name is the user and organizations the groups.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _clock;

    private CertificateAuthority(X509Certificate2 root, TimeProvider clock)
    {
        _root = root;
        _clock = clock;
    }

    /// <summary>The root certificate as PEM, for kubeconfigs and pods.</summary>
    public string RootPem => _root.ExportCertificatePem();

    /// <summary>Reads the authority from a folder, or makes one there.</summary>
    public static CertificateAuthority Open(string folder, TimeProvider clock)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "ca.crt"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            return new CertificateAuthority(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), clock);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localcluster", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = clock.GetUtcNow();
        var root = request.CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, root.ExportCertificatePem());
        return new CertificateAuthority(root, clock);
    }

    /// <summary>A certificate for this server.</summary>
    public X509Certificate2 IssueServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddIpAddress(IPAddress.Parse(Kinds.ServiceAddresses.Kubernetes));
        foreach (var name in new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local" })
        {
            names.AddDnsName(name);
        }

        return Issue("CN=kube-apiserver", "1.3.6.1.5.5.7.3.1", names.Build());
    }

    /// <summary>A certificate with which a client is <paramref name="user"/> in <paramref name="groups"/>.</summary>
    public X509Certificate2 IssueClient(string user, params IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(user);
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        return Issue(subject.Build().Name, "1.3.6.1.5.5.7.3.2", null);
    }

    /// <summary>Whether a client's certificate is of this authority, in its time, and made for clients.</summary>
    public bool Accepts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().LocalDateTime;
        return chain.Build(certificate);
    }

    public void Dispose() => _root.Dispose();

    private X509Certificate2 Issue(string subject, string usage, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        var now = _clock.GetUtcNow();
        var end = now + Lifetime;
        using var certificate = request.Create(
            _root, now.AddDays(-1) > _root.NotBefore ? now.AddDays(-1) : _root.NotBefore, end < _root.NotAfter ? end : _root.NotAfter, RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // TLS on some platforms wants a key that was imported rather than an ephemeral one.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
