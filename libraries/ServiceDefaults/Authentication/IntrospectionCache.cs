using Microsoft.Extensions.Caching.Memory;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Answers of introspection, at most as many as somebody who tries tokens may cost in memory.</summary>
internal sealed class IntrospectionCache : IDisposable
{
    public MemoryCache Entries { get; } = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public void Dispose() => Entries.Dispose();
}
