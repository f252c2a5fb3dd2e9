namespace Workspaces.Provisioner.Tests.Running;

/// <summary>What becomes of an event that is published.</summary>
internal enum Delivery
{
    /// <summary>The broker has it and says so.</summary>
    Confirmed,

    /// <summary>The broker has it, and the confirmation is lost.</summary>
    Unconfirmed,

    /// <summary>The broker has not got it.</summary>
    Refused,
}
