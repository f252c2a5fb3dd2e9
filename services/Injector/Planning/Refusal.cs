using Workspaces.Contracts;

namespace Workspaces.Injector.Planning;

/// <summary>Why a workspace is not injected; nothing has been written then.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">What is in the way and what to do, for a person.</param>
internal sealed record Refusal(FailureReason Reason, string Message);
