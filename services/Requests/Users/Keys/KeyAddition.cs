namespace Workspaces.Requests.Users.Keys;

/// <summary>What came of adding a key.</summary>
public enum KeyAddition
{
    /// <summary>It logs in as the user from now on.</summary>
    Added,

    /// <summary>The user had it already.</summary>
    WasThere,

    /// <summary>Somebody else has it.</summary>
    Others,
}
