namespace Workspaces.Auditor.Log;

/// <summary>How an entry keeps the original message.</summary>
public enum MessageForm
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>Text that is not JSON.</summary>
    Text,

    /// <summary>Bytes that are not text, in base64.</summary>
    Base64,
}
