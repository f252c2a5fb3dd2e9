namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>An object does not fit its schema so that its fields cannot be told apart: an unknown field, a list item twice or without its keys.</summary>
internal sealed class OwnershipException(string message) : Exception(message);
