using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Heads;

/// <summary>Compares heads that somebody kept with the log.</summary>
public sealed class HeadVerifier(HeadSigner signer, LogReader log)
{
    /// <summary>What is wrong with a head; null: it is genuine, and the log has that entry, or has archived it.</summary>
    public async Task<string?> ProblemOfAsync(string jws, CancellationToken cancellationToken)
    {
        if (signer.Verify(jws) is not { } statement)
        {
            return "It was not signed by this log's key.";
        }

        var head = await log.HeadAsync(cancellationToken);
        if (statement.Sequence < head.First)
        {
            return null; // the archive has it, and verifies by itself
        }

        return (await log.FindAsync([statement.Sequence], cancellationToken)).GetValueOrDefault(statement.Sequence)?.Hash == statement.Hash
            ? null
            : $"Entry {statement.Sequence} is not the one that was signed: it, or one before it, was changed.";
    }
}
