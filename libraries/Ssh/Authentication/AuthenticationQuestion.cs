namespace Workspaces.Ssh.Authentication;

/// <summary>A question to a person whose key has been accepted, asked by keyboard-interactive (RFC 4256) before login succeeds.</summary>
/// <param name="Instruction">Text above the prompt; lines end with <c>\n</c>. Control characters are taken out.</param>
/// <param name="Prompt">The prompt itself; the answer is echoed.</param>
/// <param name="Answer">Decides by the answer, which is the client's and may contain anything. It may ask again.</param>
public sealed record AuthenticationQuestion(string Instruction, string Prompt, Func<string, CancellationToken, ValueTask<AuthenticationDecision>> Answer);
