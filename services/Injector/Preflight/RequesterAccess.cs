using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Preflight;

/// <summary>
/// Asks the cluster whether the owner of a workspace could have done by hand what is done for them: change the workload and run programs
/// in its pods. Nobody gets by a workspace what the cluster does not give them.
/// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
/// </summary>
internal sealed class RequesterAccess(IKubernetes kubernetes, IOptions<RequesterOptions> options)
{
    /// <summary>The reason against it, or <see langword="null"/>.</summary>
    public async Task<Refusal?> CheckAsync(WorkspaceOwner owner, WorkloadKind kind, string ns, string name, CancellationToken cancellation)
    {
        var may = new (string What, V1ResourceAttributes Attributes)[]
        {
            ($"update {kind.Name} {ns}/{name}",
                new V1ResourceAttributes { Group = "apps", Resource = kind.Plural, Verb = "update", NamespaceProperty = ns, Name = name }),
            ($"run programs in pods of namespace {ns} (create pods/exec)",
                new V1ResourceAttributes { Resource = "pods", Subresource = "exec", Verb = "create", NamespaceProperty = ns }),
        };
        foreach (var (what, attributes) in may)
        {
            var review = await kubernetes.AuthorizationV1.CreateSubjectAccessReviewAsync(
                new V1SubjectAccessReview
                {
                    Spec = new V1SubjectAccessReviewSpec { User = UserOf(owner), Groups = [.. GroupsOf(owner)], ResourceAttributes = attributes },
                },
                cancellationToken: cancellation);
            if (review.Status?.Allowed != true)
            {
                return new Refusal(
                    FailureReason.NotAllowed,
                    $"{owner.Name} (Kubernetes user '{UserOf(owner)}') may not {what}. Ask whoever administers the namespace for a role such as 'edit' there.");
            }
        }

        return null;
    }

    private string UserOf(WorkspaceOwner owner) => options.Value.User
        .Replace("{name}", owner.Name, StringComparison.Ordinal)
        .Replace("{email}", owner.Email ?? owner.Name, StringComparison.Ordinal);

    private IEnumerable<string> GroupsOf(WorkspaceOwner owner) => owner.Groups
        .Select(group => options.Value.Group.Replace("{group}", group, StringComparison.Ordinal))
        .Concat(options.Value.ExtraGroups.GetValueOrDefault(owner.Name) ?? [])
        .Append("system:authenticated");
}
