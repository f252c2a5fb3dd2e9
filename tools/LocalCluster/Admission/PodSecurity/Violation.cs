namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>What a pod does that a check forbids: in a few words, and in detail.</summary>
internal sealed record Violation(string Reason, string Detail)
{
    public override string ToString() => $"{Reason} ({Detail})";
}
