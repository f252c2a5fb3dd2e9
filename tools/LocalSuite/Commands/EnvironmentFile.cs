using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Secrets;

namespace Workspaces.LocalSuite.Commands;

/// <summary><c>run.env</c>: addresses and keys, for a shell (<c>. .local/run.env</c>) and for tests. It holds secrets, so only its owner may read it.</summary>
internal static class EnvironmentFile
{
    public static void Write(SuiteLayout layout, SuiteSecrets secrets, SuiteComponents components)
    {
        Dictionary<string, string> values = layout.Options.ServersOnly
            ? new()
            {
                ["WORKSPACES_TEST_POSTGRES"] = components.PostgresAdministrator,
                ["WORKSPACES_TEST_RABBITMQ"] = components.BrokerAdministrator.AbsoluteUri,
                ["WORKSPACES_TEST_RABBITMQ_MANAGEMENT"] = components.BrokerManagement.AbsoluteUri,
            }
            : new()
            {
                ["REQUESTS_URL"] = $"http://127.0.0.1:{layout.Ports.Requests}",
                ["AUDITOR_URL"] = $"http://127.0.0.1:{layout.Ports.Auditor}",
                ["AMQP_URL"] = components.Subscriber.AbsoluteUri,
                ["SSH_HOST"] = "127.0.0.1",
                ["SSH_PORT"] = $"{layout.Ports.Ssh}",
                ["API_KEY"] = secrets.UserApiKey,
                ["SSH_KEY"] = secrets.UserKeyFile,
                ["SSH_KNOWN_HOSTS"] = layout.KnownHostsFile,
                ["KUBECONFIG"] = layout.Kubeconfig,
            };
        var text = string.Concat(values.Select(value => $"export {value.Key}='{value.Value}'\n"));

        // Where this machine's own kubectl was too old for ./run.
        if (Environment.GetEnvironmentVariable("WORKSPACES_KUBECTL") is { Length: > 0 } folder)
        {
            text += $"case :$PATH: in *:{folder}:*) ;; *) PATH={folder}:$PATH ;; esac\n";
        }

        File.Delete(layout.EnvironmentFile);
        using var stream = new FileStream(layout.EnvironmentFile, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }
}
