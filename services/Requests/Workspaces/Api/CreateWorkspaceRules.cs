using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Http;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>What can be said about a request without looking anything up.</summary>
public static class CreateWorkspaceRules
{
    /// <summary>Kinds of workload that can be injected into.</summary>
    private static readonly string[] Kinds = ["Deployment", "StatefulSet", "DaemonSet"];

    /// <summary>Everything that is wrong.</summary>
    public static IReadOnlyList<FieldError> Check(CreateWorkspace request)
    {
        var errors = new List<FieldError>();
        if (request.Name is not null && !DnsLabel.IsValid(request.Name))
        {
            errors.Add(new FieldError("/name", "A name is a DNS label: at most 63 of a-z, 0-9 and '-', with no '-' at either end."));
        }

        if (string.IsNullOrEmpty(request.Blueprint))
        {
            errors.Add(new FieldError("/blueprint", "Name a blueprint; GET /v1/blueprints lists them."));
        }

        if (request.Ttl is not null && Rules.Span(request.Ttl) is { } wrongTtl)
        {
            errors.Add(new FieldError("/ttl", $"'{request.Ttl}' {wrongTtl}."));
        }

        if (request.Parameters?.Any(parameter => parameter.Value is null) is true)
        {
            errors.Add(new FieldError("/parameters", "Values of parameters are text."));
        }

        if (request.Target is { } target)
        {
            CheckTarget(target, errors);
        }

        return errors;
    }

    private static void CheckTarget(CreateWorkspaceTarget target, List<FieldError> errors)
    {
        if (!Kinds.Contains(target.Kind))
        {
            var hint = target.Kind is null ? "" : NearestName.Hint(target.Kind, Kinds);
            errors.Add(new FieldError("/target/kind", $"A kind is one of {string.Join(", ", Kinds)}.{hint}"));
        }

        if (!DnsLabel.IsValid(target.Namespace))
        {
            errors.Add(new FieldError("/target/namespace", "Name the namespace of the workload: a DNS label."));
        }

        if (target.Name is null || Rules.Subdomain(target.Name) is not null)
        {
            errors.Add(new FieldError("/target/name", "Name the workload: DNS labels joined by dots."));
        }
    }
}
