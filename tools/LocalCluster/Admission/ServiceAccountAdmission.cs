using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// Gives each pod a service account, and its token as a mounted volume unless the pod or the account says otherwise
/// (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin).
/// </summary>
internal sealed class ServiceAccountAdmission : IAdmission
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string VolumePrefix = "kube-api-access-";
    private const long TokenSeconds = 3607;

    public void Mutate(AdmissionRequest request)
    {
        if (request.Type != ResourceTypes.Pods || !request.IsCreate)
        {
            return;
        }

        var spec = request.Object["spec"]!.AsObject();
        var name = spec.Text("serviceAccountName") is { Length: > 0 } given ? given : "default";
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var account = request.Store.Get(ResourceTypes.ServiceAccounts, request.Namespace, name);
        if (account is null)
        {
            throw ApiErrors.Forbidden(
                ResourceTypes.Pods, request.Name, $"error looking up service account {request.Namespace}/{name}: serviceaccount \"{name}\" not found");
        }

        if (spec.Flag("automountServiceAccountToken") ?? account.Json.Flag("automountServiceAccountToken") ?? true)
        {
            Mount(spec);
        }

        if (spec["imagePullSecrets"] is null && account.Json["imagePullSecrets"] is { } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }
    }

    private static void Mount(JsonObject spec)
    {
        var unmounted = spec.Objects("initContainers").Concat(spec.Objects("containers"))
            .Where(c => !c.Objects("volumeMounts").Any(m => m.Text("mountPath") == MountPath)).ToList();
        if (unmounted.Count == 0)
        {
            return;
        }

        var volume = spec.Objects("volumes").Select(v => v.Text("name") ?? "").FirstOrDefault(n => n.StartsWith(VolumePrefix, StringComparison.Ordinal));
        if (volume is null)
        {
            volume = Operations.GeneratedNames.From(VolumePrefix);
            var volumes = spec["volumes"] as JsonArray ?? [];
            spec["volumes"] = volumes;
            volumes.Add(TokenVolume(volume));
        }

        foreach (var container in unmounted)
        {
            var mounts = container["volumeMounts"] as JsonArray ?? [];
            container["volumeMounts"] = mounts;
            mounts.Add(new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = MountPath });
        }
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["defaultMode"] = 420L,
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = Housekeeping.NamespaceContent.RootCertificate,
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
        },
    };
}
