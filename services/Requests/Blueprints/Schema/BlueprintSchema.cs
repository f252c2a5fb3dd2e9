namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Everything that a blueprint may say.</summary>
public static class BlueprintSchema
{
    private static readonly ScalarSchema Text = new(ScalarForm.Text);
    private static readonly ScalarSchema Flag = new(ScalarForm.Boolean, Rules.OneOf("true", "false"));
    private static readonly ScalarSchema Path = new(ScalarForm.Text, Rules.AbsolutePath);
    private static readonly ScalarSchema Size = new(ScalarForm.Text, Rules.Size);
    private static readonly ScalarSchema Name = new(ScalarForm.Text, Rules.Subdomain);
    private static readonly ScalarSchema Span = new(ScalarForm.Text, Rules.Span);
    private static readonly ScalarSchema PosixId = new(ScalarForm.Integer, Rules.PosixId);
    private static readonly ScalarSchema ImageName = new(ScalarForm.Text, Rules.Image);
    private static readonly MapSchema Env = new(Rules.EnvironmentName, Text);
    private static readonly MapSchema Labels = new(Rules.LabelKey, new ScalarSchema(ScalarForm.Text, Rules.LabelValue));
    private static readonly MapSchema Amounts = new(Rules.LabelKey, new ScalarSchema(ScalarForm.Text, Rules.Amount));
    private static readonly ObjectSchema Resources = new(new Dictionary<string, SchemaNode> { ["requests"] = Amounts, ["limits"] = Amounts });

    /// <summary>What <c>parameters</c> holds: read before anything is interpolated.</summary>
    public static MapSchema Parameters { get; } = new(Rules.ParameterName, new ObjectSchema(new Dictionary<string, SchemaNode>
    {
        ["default"] = Text,
        ["allowed"] = new ListSchema(Text, Replaces: true, AllowEmpty: false),
        ["description"] = Text,
    }));

    /// <summary>A whole file.</summary>
    public static ObjectSchema Root { get; } = new(
        new Dictionary<string, SchemaNode>
        {
            ["name"] = new ScalarSchema(ScalarForm.Text, Rules.BlueprintName),
            ["description"] = Text,
            ["extends"] = new ScalarSchema(ScalarForm.Text, Rules.BlueprintName),
            ["abstract"] = Flag,
            ["parameters"] = Parameters,
            ["image"] = ImageName,
            ["imagePullPolicy"] = OneOf("Always", "IfNotPresent", "Never"),
            ["imagePullSecrets"] = new ListSchema(Name),
            ["banner"] = Text,
            ["env"] = Env,
            ["user"] = new ObjectSchema(new Dictionary<string, SchemaNode>
            {
                ["name"] = new ScalarSchema(ScalarForm.Text, Rules.PosixUser),
                ["uid"] = PosixId,
                ["gid"] = PosixId,
                ["shell"] = Path,
                ["sudo"] = Flag,
            }),
            ["resources"] = Resources,
            ["securityContext"] = SecurityContext(),
            ["storage"] = new MapSchema(Rules.Label, Storage()),
            ["files"] = new MapSchema(Rules.AbsolutePath, new ObjectSchema(
                new Dictionary<string, SchemaNode> { ["content"] = Text, ["mode"] = new ScalarSchema(ScalarForm.Text, Rules.FileMode) },
                "content")),
            ["secrets"] = new MapSchema(Rules.Label, new ObjectSchema(
                new Dictionary<string, SchemaNode> { ["secret"] = Name, ["path"] = Path },
                "secret")),
            ["network"] = Network(),
            ["podman"] = new ObjectSchema(new Dictionary<string, SchemaNode>
            {
                ["enabled"] = Flag,
                ["image"] = ImageName,
                ["resources"] = Resources,
                ["storage"] = new ObjectSchema(new Dictionary<string, SchemaNode> { ["size"] = Size }, "size"),
                ["dockerSocket"] = Flag,
            }),
            ["initScripts"] = new ListSchema(new ObjectSchema(
                new Dictionary<string, SchemaNode>
                {
                    ["name"] = new ScalarSchema(ScalarForm.Text, Rules.Label),
                    ["run"] = new ScalarSchema(ScalarForm.Text, Rules.NotEmpty),
                },
                "name", "run")),
            ["apps"] = new MapSchema(Rules.Label, App()),
            ["scheduling"] = Scheduling(),
            ["lifetime"] = new ObjectSchema(new Dictionary<string, SchemaNode> { ["ttl"] = Span, ["idleStop"] = Span, ["maxTtl"] = Span }),
        },
        "name");

    private static ScalarSchema OneOf(params string[] values) => new(ScalarForm.Text, Rules.OneOf(values));

    private static ObjectSchema Storage() => new(
        new Dictionary<string, SchemaNode>
        {
            ["type"] = OneOf("volume", "claim", "emptyDir", "memory"),
            ["path"] = Path,
            ["size"] = Size,
            ["storageClass"] = Name,
            ["accessModes"] = new ListSchema(
                OneOf("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"), Replaces: true, AllowEmpty: false),
            ["retain"] = Flag,
            ["claim"] = Name,
            ["sizeLimit"] = Size,
            ["readOnly"] = Flag,
        },
        "type", "path");

    private static ObjectSchema Network() => new(new Dictionary<string, SchemaNode>
    {
        ["class"] = OneOf("open", "isolated", "owner", "blueprint", "none"),
        ["egress"] = new ObjectSchema(new Dictionary<string, SchemaNode>
        {
            ["cidrs"] = new ListSchema(new ScalarSchema(ScalarForm.Text, Rules.Cidr)),
            ["pods"] = new ListSchema(Labels),
            ["dns"] = Flag,
        }),
    });

    private static ObjectSchema App() => new(
        new Dictionary<string, SchemaNode>
        {
            ["command"] = new ListSchema(Text, Replaces: true, AllowEmpty: false),
            ["port"] = new ScalarSchema(ScalarForm.Integer, Rules.Port),
            ["protocol"] = OneOf("http", "tcp"),
            ["restart"] = OneOf("always", "on-failure", "never"),
            ["env"] = Env,
        },
        "command", "port");

    private static ObjectSchema Scheduling() => new(new Dictionary<string, SchemaNode>
    {
        ["nodeSelector"] = Labels,
        ["tolerations"] = new ListSchema(new ObjectSchema(new Dictionary<string, SchemaNode>
        {
            ["key"] = new ScalarSchema(ScalarForm.Text, Rules.LabelKey),
            ["operator"] = OneOf("Exists", "Equal"),
            ["value"] = new ScalarSchema(ScalarForm.Text, Rules.LabelValue),
            ["effect"] = OneOf("NoSchedule", "PreferNoSchedule", "NoExecute"),
            ["tolerationSeconds"] = new ScalarSchema(ScalarForm.Integer, Rules.Range(0, long.MaxValue)),
        })),
        ["priorityClassName"] = new ScalarSchema(ScalarForm.Text, value => value.Length == 0 ? null : Rules.Subdomain(value)),
    });

    /// <summary>
    /// The fields of a Kubernetes SecurityContext (container level, v1). A misspelt one would weaken the container in silence, so
    /// they are listed here although the object is passed through as it is.
    /// </summary>
    private static ObjectSchema SecurityContext()
    {
        var capabilities = new ListSchema(new ScalarSchema(ScalarForm.Text, Rules.Capability));
        var profile = new ObjectSchema(
            new Dictionary<string, SchemaNode> { ["type"] = OneOf("RuntimeDefault", "Unconfined", "Localhost"), ["localhostProfile"] = Text },
            "type");
        return new ObjectSchema(new Dictionary<string, SchemaNode>
        {
            ["allowPrivilegeEscalation"] = Flag,
            ["appArmorProfile"] = profile,
            ["capabilities"] = new ObjectSchema(new Dictionary<string, SchemaNode> { ["add"] = capabilities, ["drop"] = capabilities }),
            ["privileged"] = Flag,
            ["procMount"] = OneOf("Default", "Unmasked"),
            ["readOnlyRootFilesystem"] = Flag,
            ["runAsGroup"] = PosixId,
            ["runAsNonRoot"] = Flag,
            ["runAsUser"] = PosixId,
            ["seLinuxOptions"] = new ObjectSchema(
                new Dictionary<string, SchemaNode> { ["level"] = Text, ["role"] = Text, ["type"] = Text, ["user"] = Text }),
            ["seccompProfile"] = profile,
        });
    }
}
