using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>
/// Authenticates <c>Authorization: Bearer TOKEN</c> (RFC 6750 section 2.1) by an <see cref="ITokenValidator"/> and answers
/// 401, 403 and 503 as problem details. Tokens in query strings are not accepted: they end up in logs.
/// </summary>
public sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ITokenValidator validator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";
    private const int MaxTokenLength = 8 * 1024;

    private bool _undecided;

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > MaxTokenLength)
        {
            return AuthenticateResult.Fail("The token is empty or too long.");
        }

        try
        {
            var info = await validator.ValidateAsync(token, Context.RequestAborted);
            return info.Active && info.Subject is not null
                ? AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(info), Scheme.Name))
                : AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }
        catch (TokenValidatorUnavailableException e)
        {
            AuthenticationLog.ValidatorUnavailable(Logger, e);
            _undecided = true;
            return AuthenticateResult.Fail(e);
        }
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_undecided)
        {
            Response.Headers.RetryAfter = "2";
            await Problems.Problem(
                "authentication-unavailable",
                StatusCodes.Status503ServiceUnavailable,
                "Your token cannot be checked at the moment. Try again.").ExecuteAsync(Context);
            return;
        }

        var sent = Request.Headers.Authorization.Count > 0;
        Response.Headers.WWWAuthenticate = sent ? "Bearer realm=\"workspaces\", error=\"invalid_token\"" : "Bearer realm=\"workspaces\"";
        await Problems.Problem(
            sent ? "invalid-token" : "missing-token",
            StatusCodes.Status401Unauthorized,
            sent
                ? "The token is unknown, expired or revoked."
                : "Send an API key or access token: 'Authorization: Bearer TOKEN'.").ExecuteAsync(Context);
    }

    /// <inheritdoc/>
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scope = Context.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>()?.Scope;
        if (scope is null)
        {
            await Problems.Problem("forbidden", StatusCodes.Status403Forbidden, "You may not do this.").ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = $"Bearer realm=\"workspaces\", error=\"insufficient_scope\", scope=\"{scope}\"";
        await Problems.Problem(
            "insufficient-scope",
            StatusCodes.Status403Forbidden,
            $"This needs a token with the scope '{scope}'.").ExecuteAsync(Context);
    }

    private ClaimsPrincipal PrincipalOf(TokenInfo info)
    {
        var claims = new List<Claim> { new(ClaimNames.Subject, info.Subject!) };
        if (info.Username is { } username)
        {
            claims.Add(new(ClaimNames.Username, username));
        }

        if ((info.ClientId ?? info.Key) is { } client)
        {
            claims.Add(new(ClaimNames.ClientId, client));
        }

        var scopes = (info.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        claims.AddRange(scopes.Select(scope => new Claim(ClaimNames.Scope, scope)));
        claims.AddRange((info.Roles ?? []).Select(role => new Claim(ClaimNames.Role, role)));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name, ClaimNames.Subject, ClaimNames.Role));
    }
}
