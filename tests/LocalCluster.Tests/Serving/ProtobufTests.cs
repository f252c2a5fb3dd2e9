using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Serving.Protobuf;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Serving;

public sealed class ProtobufTests
{
    /// <summary>A ConfigMap a in the namespace b with data c: d, byte for byte as the wire format lays it out.</summary>
    private const string ConfigMap =
        "6b387300" // k8s\0
        + "0a0f" + "0a027631" + "1209436f6e6669674d6170" // the envelope's type: v1, ConfigMap
        + "1216" // the message
        + "0a0c" + "0a0161" + "1200" + "1a0162" + "2200" + "4200" // metadata: name, generateName "", namespace, selfLink "", creationTimestamp never set
        + "1206" + "0a0163" + "120164" // data
        + "1a001a00"; // the envelope's content encoding and type

    /// <summary>Fields that the client library has from a version after the one that this cluster speaks: they have no number in it.</summary>
    private static readonly HashSet<string> LaterFields =
    [
        "V1ClusterTrustBundleProjection.user", "V1ConfigMapVolumeSource.defaultUser", "V1DownwardAPIVolumeFile.user",
        "V1DownwardAPIVolumeSource.defaultUser", "V1EmptyDirVolumeSource.mode", "V1EvictionResponder.name", "V1EvictionResponder.priority",
        "V1GRPCAction.mode", "V1HTTPGetAction.protocol", "V1KeyToPath.user", "V1NodeAllocatableMappedResources.name",
        "V1NodeAllocatableMappedResources.quantity", "V1NodeAllocatableOverheadResources.name", "V1NodeAllocatableOverheadResources.perContainer",
        "V1NodeAllocatableOverheadResources.perPod", "V1NodeAllocatableResourceClaimStatus.mapping", "V1NodeAllocatableResourceClaimStatus.overhead",
        "V1NodePodPreemptionPolicy.disableResizePreemption", "V1NodeSpec.podPreemptionPolicy", "V1NodeSystemInfo.runningInUserNamespace",
        "V1PersistentVolumeClaimStatus.healthStatus", "V1PodCertificateProjection.user", "V1PodSpec.evictionResponders", "V1PodStatus.volumeHealth",
        "V1PodVolumeHealth.healthConditions", "V1PodVolumeHealth.lastTransitionTime", "V1PodVolumeHealth.name", "V1ProjectedVolumeSource.defaultUser",
        "V1SecretVolumeSource.defaultUser", "V1ServiceAccountTokenProjection.user", "V1TokenRequestSpec.attestations",
        "V1VolumeHealthCondition.message", "V1VolumeHealthCondition.reason", "V1VolumeHealthCondition.status",
        "V1VolumeHealthStatus.healthConditions", "V1VolumeHealthStatus.lastTransitionTime", "V1VolumeMount.bindMountOptions",
    ];

    public static TheoryData<Type> Models => [.. ProtobufKinds.Models.Distinct()];

    [Fact]
    public void Decode_KnownBytes_GivesTheObject()
    {
        var decoded = ProtobufObjects.Decode(Convert.FromHexString(ConfigMap));

        Assert.Equal(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"b"},"data":{"c":"d"}}""",
            decoded.ToJsonString(ApiJson.Options));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Tables_EveryFieldOfTheClientLibrary_HasANumber(Type model)
    {
        var missing = new List<string>();
        Visit(SchemaCatalog.Of(model), [], (schema, field) =>
        {
            var name = $"{schema.Model!.Name}.{field}";
            if (!HasNumber(schema, field) && !LaterFields.Contains(name))
            {
                missing.Add(name);
            }
        });

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_ObjectWithEveryField_ComesBackTheSame(Type model)
    {
        var schema = SchemaCatalog.Of(model);
        var whole = new ObjectDecoder().Decode(Sample(schema, 0)!.AsObject(), schema);

        var decoded = new ObjectDecoder().Decode(ProtobufDecoder.Decode(ProtobufEncoder.Encode(whole, schema), schema), schema);

        Assert.Equal(whole.ToJsonString(ApiJson.Options), decoded.ToJsonString(ApiJson.Options));
    }

    [Theory]
    [InlineData("6b387300ff")]
    [InlineData("6b3873000a0f0a0276311209436f6e6669674d61701216")]
    [InlineData("7b7d")]
    public void Decode_MalformedBytes_IsABadRequest(string hex)
    {
        var error = Assert.Throws<ApiStatusException>(() => ProtobufObjects.Decode(Convert.FromHexString(hex)));

        Assert.Equal(400, error.Code);
    }

    [Fact]
    public void Decode_FieldOfALaterVersion_IsPassedOver()
    {
        var writer = new WireWriter();
        writer.Text(4000, "from the future");
        writer.Whole(4001, 7);
        writer.Real(4002, 7.5);
        writer.Whole(4, 1);
        var schema = SchemaCatalog.Of(typeof(V1ConfigMap));

        var decoded = ProtobufDecoder.Decode(writer.Written, schema);

        Assert.Equal("""{"immutable":true}""", decoded.ToJsonString());
    }

    private static bool HasNumber(FieldSchema schema, string field) => WireTables.Find(schema.Model!)?.Has(field) == true;

    private static void Visit(FieldSchema schema, HashSet<Type> seen, Action<FieldSchema, string> visit)
    {
        while (schema.Element is { } element)
        {
            schema = element;
        }

        if (schema.Kind != FieldKind.Struct || !seen.Add(schema.Model!))
        {
            return;
        }

        foreach (var (name, field) in schema.Fields)
        {
            // The kind of an object is the envelope's and not the message's; of a reference it is a field like others.
            if (name is not ("kind" or "apiVersion") || schema.Fields.ContainsKey("uid") || schema.Fields.ContainsKey("name"))
            {
                visit(schema, name);
            }

            Visit(field, seen, visit);
        }
    }

    /// <summary>A value with every field set, to a depth at which types that contain themselves stop.</summary>
    private static JsonNode? Sample(FieldSchema schema, int depth) => schema.Kind switch
    {
        FieldKind.Struct => new JsonObject(schema.Fields.Where(f => (depth < 9 || f.Value.IsScalar) && HasNumber(schema, f.Key)).Select(f => KeyValuePair.Create(f.Key, Sample(f.Value, depth + 1)))),
        FieldKind.List => new JsonArray(Sample(schema.Element!, depth + 1), Sample(schema.Element!, depth + 1)),
        FieldKind.Map => new JsonObject { ["one"] = Sample(schema.Element!, depth + 1), ["two"] = Sample(schema.Element!, depth + 1) },
        FieldKind.Text => "tëxt",
        FieldKind.Whole => -7,
        FieldKind.Real => 1.25,
        FieldKind.Flag => true,
        FieldKind.Quantity => "1500m",
        FieldKind.IntOrString => depth % 2 == 0 ? JsonValue.Create("30%") : JsonValue.Create(8080),
        FieldKind.Time => "2026-02-03T04:05:06Z",
        FieldKind.MicroTime => "2026-02-03T04:05:06.789012Z",
        FieldKind.Bytes => "AAEC/w==",
        _ => new JsonObject { ["f:metadata"] = new JsonObject { ["."] = 1 } },
    };
}
