using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Workspaces.LocalCluster.Access;

/// <summary>Writes the file with which kubectl and the client library find this cluster and prove who they are.</summary>
public static class Kubeconfig
{
    public const string ContextName = "localcluster";

    /// <summary>A kubeconfig whose user presents a client certificate.</summary>
    public static string WithCertificate(string server, string rootPem, string user, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new ArgumentException("The certificate has no key.", nameof(certificate));
        return Text(server, rootPem, user, $"""
                client-certificate-data: {Base64(certificate.ExportCertificatePem())}
                client-key-data: {Base64(Pem(key))}
            """);
    }

    /// <summary>A kubeconfig whose user presents a bearer token.</summary>
    public static string WithToken(string server, string rootPem, string user, string token) => Text(server, rootPem, user, $"    token: {token}");

    private static string Text(string server, string rootPem, string user, string credentials) => $"""
        apiVersion: v1
        kind: Config
        current-context: {ContextName}
        clusters:
        - name: {ContextName}
          cluster:
            server: {server}
            certificate-authority-data: {Base64(rootPem)}
        contexts:
        - name: {ContextName}
          context:
            cluster: {ContextName}
            user: {user}
        users:
        - name: {user}
          user:
        {credentials}

        """;

    private static string Pem(ECDsa key) => key.ExportPkcs8PrivateKeyPem();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
