using Workspaces.LocalCluster.Node.Images;

namespace Workspaces.LocalCluster.Node.Faults;

/// <summary>The faults that are switched on, as the node's parts ask for them. Switched by <see cref="NodeFaults"/>.</summary>
internal sealed class FaultSwitches
{
    private readonly Lock _lock = new();
    private readonly List<PullFault> _pulls = [];
    private TaskCompletionSource? _thawed;

    public bool IsFrozen
    {
        get
        {
            lock (_lock)
            {
                return _thawed is not null;
            }
        }
    }

    /// <summary>Completes at once on a node that works, and on a frozen one when it thaws.</summary>
    public Task PassAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            return _thawed?.Task.WaitAsync(ct) ?? Task.CompletedTask;
        }
    }

    public void Freeze()
    {
        lock (_lock)
        {
            _thawed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Thaw()
    {
        lock (_lock)
        {
            _thawed?.SetResult();
            _thawed = null;
        }
    }

    public void FailPulls(string? image, int? times)
    {
        lock (_lock)
        {
            _pulls.Add(new PullFault(image, times));
        }
    }

    public void AllowPulls()
    {
        lock (_lock)
        {
            _pulls.Clear();
        }
    }

    /// <summary>Whether this pull is to fail; one that does counts.</summary>
    public bool TakePullFailure(string image)
    {
        var reference = ImageReference.Parse(image);
        lock (_lock)
        {
            var fault = _pulls.Find(candidate => candidate.Image is null || candidate.Image == image || ImageReference.Parse(candidate.Image) == reference
                || (!HasTag(candidate.Image) && ImageReference.Normalize(candidate.Image) == reference.Name));
            if (fault is null)
            {
                return false;
            }

            if (fault.Left is not null && --fault.Left == 0)
            {
                _pulls.Remove(fault);
            }

            return true;
        }
    }

    private static bool HasTag(string image) => image.Contains('@', StringComparison.Ordinal) || image.LastIndexOf(':') > image.LastIndexOf('/');

    private sealed class PullFault(string? image, int? left)
    {
        public string? Image { get; } = image;

        public int? Left { get; set; } = left;
    }
}
