using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Layout;

namespace Workspaces.LocalSuite.Commands;

/// <summary>What a person reads when everything is up: where it is, and three commands to try.</summary>
internal static class Summary
{
    public static string Of(SuiteLayout layout, SuiteComponents components)
    {
        var addresses = string.Concat(components.All.Select(component => $"  {component.Name,-14}{component.Address}\n"));
        var head = $"""

            Everything is ready.

            {addresses}
              logs          {layout.LogFolder}
              values        {layout.EnvironmentFile}
            """;
        return layout.Options.ServersOnly
            ? head
            : $$"""
            {{head}}

            Try:

              . {{layout.EnvironmentFile}}
              curl -sS "$REQUESTS_URL/v1/workspaces" -H "Authorization: Bearer $API_KEY" -H "Prefer: wait=60" -H "Content-Type: application/json" -d '{"name": "first", "blueprint": "dev"}'
              ssh -p "$SSH_PORT" -i "$SSH_KEY" -o IdentitiesOnly=yes -o UserKnownHostsFile="$SSH_KNOWN_HOSTS" "first@$SSH_HOST"
              kubectl --kubeconfig "$KUBECONFIG" get pods,statefulsets -n workspaces

            """;
    }
}
