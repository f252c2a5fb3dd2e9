namespace Workspaces.Requests.Tests.Running;

/// <summary>Blueprints that the tests begin with.</summary>
internal static class TestBlueprints
{
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["base.yaml"] =
            """
            name: base
            abstract: true
            image: registry.example.com/base:1
            env: { LANG: C.UTF-8 }
            """,
        ["plain.yaml"] = "{ name: plain, extends: base, description: Nothing special }",
        ["rich.yaml"] =
            """
            name: rich
            extends: base
            parameters:
              cpu: { default: "2", allowed: ["1", "2", "4"] }
              team: { description: Any text }
            env: { TEAM: "${parameters.team}", OWNER: "${owner.name}/${owner.groups}" }
            resources: { limits: { cpu: "${parameters.cpu}" } }
            storage:
              home: { type: volume, path: "/home/${owner.name}", size: 10Gi }
              scratch: { type: emptyDir, path: /scratch }
            network: { class: isolated }
            podman: { enabled: true, image: quay.io/podman/stable:latest }
            scheduling: { nodeSelector: { disk: ssd } }
            lifetime: { ttl: 4h, maxTtl: 24h }
            """,
        ["target.yaml"] = """{ name: target, extends: base, env: { SERVICE: "${target.namespace}/${target.name}" } }""",
    };
}
