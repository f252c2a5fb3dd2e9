using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// The eviction subresource: deletes a pod unless a PodDisruptionBudget forbids it (429), as <c>kubectl drain</c> does. A granted disruption is
/// counted in the budget at once, so that two evictions cannot share one.
/// </summary>
internal sealed class EvictionHandler(ObjectStore store, ObjectWriter writer, ObjectRemover remover)
{
    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var (body, _) = RequestBody.ParseObject(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        var options = new DeleteOptions
        {
            GracePeriodSeconds = body.Number("deleteOptions", "gracePeriodSeconds"),
            PropagationPolicy = body.Text("deleteOptions", "propagationPolicy"),
            PreconditionUid = body.Text("deleteOptions", "preconditions", "uid"),
            DryRun = RequestOptions.IsDryRun(request) || body.At("deleteOptions", "dryRun") is JsonArray { Count: > 0 },
        };
        lock (store.Gate)
        {
            Evict(request, options);
        }

        await Responses.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        });
    }

    private void Evict(ApiRequest request, DeleteOptions options)
    {
        var pod = store.Get(ResourceTypes.Pods, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, request.Name!);
        var ended = pod.Json.Text("status", "phase") is "Succeeded" or "Failed" or "Pending" || pod.Json.At("metadata", "deletionTimestamp") is not null;
        if (!ended)
        {
            TakeDisruption(pod, options.DryRun);
        }

        remover.Delete(ResourceTypes.Pods, pod.Namespace, pod.Name, options);
    }

    private void TakeDisruption(StoredObject pod, bool dryRun)
    {
        var budgets = store.List(ResourceTypes.PodDisruptionBudgets, pod.Namespace)
            .Where(b => LabelSelector.Of(b.Json.At("spec", "selector") as JsonObject)?.Matches(pod.Labels) == true).ToList();
        if (budgets.Count > 1)
        {
            throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (budgets is not [var budget])
        {
            return;
        }

        // A status that is older than the spec says nothing about it: nothing is granted on it.
        var current = budget.Json.Number("status", "observedGeneration") >= budget.Json.Number("metadata", "generation");
        var allowed = budget.Json.Number("status", "disruptionsAllowed") ?? 0;
        if (!current || allowed <= 0)
        {
            var message = current
                ? $"The disruption budget {budget.Name} needs {budget.Json.Number("status", "desiredHealthy") ?? 0} healthy pods and has {budget.Json.Number("status", "currentHealthy") ?? 0} currently"
                : $"The disruption budget {budget.Name} is still being processed by the server.";
            throw ApiErrors.TooManyRequests(
                "Cannot evict pod as it would violate the pod's disruption budget.", current ? 0 : 10,
                [new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = message }]);
        }

        if (dryRun)
        {
            return;
        }

        var changed = budget.Copy();
        var status = changed.Ensure("status");
        status["disruptionsAllowed"] = allowed - 1;
        status.Ensure("disruptedPods")[pod.Name] = writer.Now();
        writer.Update(ResourceTypes.PodDisruptionBudgets, budget.Namespace, budget.Name, changed, "status", new WriteOptions(Access.Caller.System, "kube-apiserver"));
    }
}
