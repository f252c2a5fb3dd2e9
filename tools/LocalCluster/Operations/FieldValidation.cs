namespace Workspaces.LocalCluster.Operations;

/// <summary>What happens to unknown and repeated fields of a request (the fieldValidation parameter).</summary>
public enum FieldValidation
{
    /// <summary>They are dropped.</summary>
    Ignore,

    /// <summary>They are dropped and named in a Warning header.</summary>
    Warn,

    /// <summary>They are a 400 that names them.</summary>
    Strict,
}
