using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>Agrees on algorithms: the first of the client's that the server has too (RFC 4253 section 7.1). A pure function of both messages.</summary>
internal static class Negotiation
{
    public static NegotiatedAlgorithms Agree(KexInit client, KexInit server)
    {
        var cipherToServer = First("cipher to the server", client.CiphersToServer, server.CiphersToServer);
        var cipherToClient = First("cipher to the client", client.CiphersToClient, server.CiphersToClient);
        First("compression to the server", client.CompressionsToServer, server.CompressionsToServer);
        First("compression to the client", client.CompressionsToClient, server.CompressionsToClient);
        return new NegotiatedAlgorithms(
            First("key exchange", client.KeyExchanges, server.KeyExchanges),
            First("host key algorithm", client.HostKeys, server.HostKeys),
            cipherToServer,
            cipherToClient,
            Mac(cipherToServer, client.MacsToServer, server.MacsToServer),
            Mac(cipherToClient, client.MacsToClient, server.MacsToClient),
            client.KeyExchanges.Contains(KexInit.StrictClient) && server.KeyExchanges.Contains(KexInit.StrictServer));
    }

    /// <summary>Whether a packet sent on a guess must be dropped: the guess is right only if both first choices agree (RFC 4253 section 7).</summary>
    public static bool IsWrongGuess(KexInit client, KexInit server, KexInit guesser) =>
        guesser.FirstPacketFollows
        && (client.KeyExchanges.FirstOrDefault() != server.KeyExchanges.FirstOrDefault()
            || client.HostKeys.FirstOrDefault() != server.HostKeys.FirstOrDefault());

    private static string? Mac(string cipher, string[] client, string[] server) =>
        CipherAlgorithm.Named(cipher).AuthenticatesItself ? null : First("message authentication code", client, server);

    private static string First(string what, string[] client, string[] server)
    {
        foreach (var name in client)
        {
            if (server.Contains(name, StringComparer.Ordinal) && !IsSignal(name))
            {
                return name;
            }
        }

        throw new SshProtocolException(
            DisconnectReason.KeyExchangeFailed,
            PlainText.WithoutControls($"No {what} in common. The client offers {Short(client)}; the server offers {Short(server)}."));
    }

    /// <summary>Names in the list of methods that are signals, not methods.</summary>
    private static bool IsSignal(string name) =>
        name is KexInit.ExtInfoClient or KexInit.ExtInfoServer or KexInit.StrictClient or KexInit.StrictServer;

    private static string Short(string[] names)
    {
        const int Enough = 400;
        var text = string.Join(", ", names);
        return text.Length <= Enough ? text : text[..Enough] + "...";
    }
}
