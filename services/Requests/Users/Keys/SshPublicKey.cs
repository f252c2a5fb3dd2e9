namespace Workspaces.Requests.Users.Keys;

/// <summary>A public key that has been checked.</summary>
/// <param name="Type">Key type as in its first field, for example <c>ssh-ed25519</c>.</param>
/// <param name="Line">Type and base64 blob, as in authorized_keys without options and comment.</param>
/// <param name="Fingerprint"><c>SHA256:...</c> as <c>ssh-keygen -l</c> prints it.</param>
/// <param name="Comment">What stood behind the blob.</param>
public sealed record SshPublicKey(string Type, string Line, string Fingerprint, string? Comment);
