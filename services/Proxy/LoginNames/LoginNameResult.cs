using System.Diagnostics.CodeAnalysis;

namespace Workspaces.Proxy.LoginNames;

/// <summary>Outcome of reading a login name: the name, or a sentence that says what is wrong with it and what to write instead.</summary>
public readonly record struct LoginNameResult
{
    private LoginNameResult(LoginName? name, string? refusal)
    {
        Name = name;
        Refusal = refusal;
    }

    /// <summary>The login name, if it could be read.</summary>
    public LoginName? Name { get; }

    /// <summary>The refusal, if not. Without control characters, whatever was in the input.</summary>
    public string? Refusal { get; }

    /// <summary>Whether the name could be read.</summary>
    [MemberNotNullWhen(true, nameof(Name))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsValid => Name is not null;

    /// <summary>A name that was read.</summary>
    public static LoginNameResult Valid(LoginName name) => new(name, null);

    /// <summary>A name that was refused.</summary>
    public static LoginNameResult Refused(string sentence) => new(null, sentence);
}
