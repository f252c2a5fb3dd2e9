using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Node;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>What one workspace adds to a workload in rollout mode: toolkit, workspace container, folder, label, annotation, port, shared processes.</summary>
internal sealed record Injected(string Id)
{
    public const string LabelPrefix = "workspaces.dev/id-";

    public string Manager => $"workspaces-injector.{Id}";

    public string Label => LabelPrefix + Id;

    public string Container => $"workspace-{Id}";

    public int? Port { get; init; } = 2222;

    /// <summary>Null where the owner's pod shares the host's processes.</summary>
    public bool? SharesProcesses { get; init; } = true;

    /// <summary>What the workspace container runs.</summary>
    public string Script { get; init; } = Target.Runs;

    /// <summary>Further fields of the workspace container.</summary>
    public string More { get; init; } = "{}";

    /// <summary>The body of the apply; with the target's uid, so that it can only change that object.</summary>
    public string Patch(string kind, string name, string? uid)
    {
        var patch = JsonNode.Parse($$$"""
            {
              "apiVersion": "apps/v1", "kind": "{{{kind}}}", "metadata": {"name": "{{{name}}}", "annotations": {}},
              "spec": {
                "template": {
                  "metadata": {"labels": {"{{{Label}}}": "true"}, "annotations": {"{{{Label}}}": "by a test"}},
                  "spec": {
                    "volumes": [{"name": "{{{Container}}}", "emptyDir": {}}],
                    "initContainers": [
                      {"name": "toolkit-{{{Id}}}", "image": "{{{NodeFixture.Image}}}", "command": ["true"], "volumeMounts": [{"name": "{{{Container}}}", "mountPath": "/.workspace"}]}
                    ],
                    "containers": [
                      {"name": "{{{Container}}}", "image": "{{{NodeFixture.Image}}}", "command": ["sh", "-c", "{{{Script}}}"], "volumeMounts": [{"name": "{{{Container}}}", "mountPath": "/.workspace"}]}
                    ]
                  }
                }
              }
            }
            """)!.AsObject();
        var spec = patch["spec"]!["template"]!["spec"]!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(More)!.AsObject())
        {
            spec["containers"]![0]![key] = value?.DeepClone();
        }

        if (SharesProcesses is { } shares)
        {
            spec["shareProcessNamespace"] = shares;
        }

        if (uid is not null)
        {
            patch["metadata"]!["uid"] = uid;
        }

        if (Port is { } port)
        {
            patch["metadata"]!["annotations"]![$"workspaces.dev/port-{port}"] = Id;
        }

        return patch.ToJsonString();
    }
}
