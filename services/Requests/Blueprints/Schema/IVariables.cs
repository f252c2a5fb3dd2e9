namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>What <c>${...}</c> reads.</summary>
public interface IVariables
{
    /// <summary>
    /// The value of a name. Null without a <paramref name="problem"/>: the name is known and its value is not, yet.
    /// </summary>
    string? Read(string name, out string? problem);
}
