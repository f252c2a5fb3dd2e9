using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>
/// What one kind does beyond what all do: defaults, fields that the server sets, and what makes an object invalid. The base is a kind with
/// nothing of its own.
/// </summary>
internal class KindRules
{
    /// <summary>Sets what a request may leave out. Runs on every decoded object, before ownership is recorded.</summary>
    public virtual void Default(JsonObject obj)
    {
    }

    /// <summary>Sets what the server decides for a new object.</summary>
    public virtual void PrepareCreate(JsonObject obj, KindContext context)
    {
    }

    /// <summary>Carries over what an update cannot change.</summary>
    public virtual void PrepareUpdate(JsonObject obj, JsonObject old, KindContext context)
    {
    }

    /// <summary>Reports every wrong field.</summary>
    public virtual void Validate(JsonObject obj, List<FieldError> errors)
    {
    }

    /// <summary>Reports what a new object may not have. <see cref="Validate"/> runs as well.</summary>
    public virtual void ValidateCreate(JsonObject obj, List<FieldError> errors)
    {
    }

    /// <summary>Adds texts for Warning headers about a valid object.</summary>
    public virtual void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
    }

    /// <summary>Reports changes that are not allowed. <see cref="Validate"/> runs as well.</summary>
    public virtual void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
    }

    /// <summary>Whether a change counts up the generation.</summary>
    public virtual bool ChangesGeneration(JsonObject obj, JsonObject old) => !JsonNode.DeepEquals(Content(obj), Content(old));

    /// <summary>Seconds that a deletion waits for the node; null: the kind is deleted at once.</summary>
    public virtual long? GracePeriod(JsonObject obj, long? requested) => null;

    /// <summary>Which names are allowed; null where the name is.</summary>
    public virtual string? WrongName(string name) => Names.WrongSubdomain(name);

    private static JsonObject Content(JsonObject obj)
    {
        var content = obj.DeepClone().AsObject();
        content.Remove("metadata");
        content.Remove("status");
        return content;
    }
}
