using System.Buffers.Text;
using System.Text;

namespace Workspaces.Proxy.LoginNames;

/// <summary>
/// Undoes what clients and URLs do to a login name, before it is parsed:
/// 1. <c>b64-</c> and base64url around the whole, once;
/// 2. percent-encoding (RFC 3986 section 2.1), once;
/// 3. <c>+</c> or a space for a comma.
/// What comes out has no control character and at most <see cref="LoginName.MaxLength"/> characters.
/// </summary>
internal static class LoginNameDecoder
{
    private const string Base64Prefix = "b64-";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes <paramref name="login"/>; on failure <paramref name="text"/> is the refusal.</summary>
    public static bool TryDecode(string login, out string text)
    {
        if (login.Length == 0)
        {
            text = "The login name is empty. Write the name of a workspace before the '@'.";
            return false;
        }

        if (login.Length > LoginName.MaxLength)
        {
            text = $"The login name is too long: at most {LoginName.MaxLength} characters are read.";
            return false;
        }

        // Step 1.
        text = login;
        if (text.StartsWith(Base64Prefix, StringComparison.Ordinal) && !TryUnwrapBase64(text.AsSpan(Base64Prefix.Length), out text))
        {
            text = "What follows 'b64-' in the login name is not base64url of a login name.";
            return false;
        }

        // Step 2.
        if (text.Contains('%') && !TryUnescape(text, out text))
        {
            text = "The login name has a '%' that does not start an escape of two hexadecimal digits and valid UTF-8.";
            return false;
        }

        // Step 3.
        text = text.Replace('+', ',').Replace(' ', ',');
        if (text.Length == 0 || text.Any(char.IsControl))
        {
            text = "The login name is empty or has control characters in it.";
            return false;
        }

        return true;
    }

    private static bool TryUnwrapBase64(ReadOnlySpan<char> wrapped, out string text)
    {
        if (!Base64Url.IsValid(wrapped))
        {
            text = "";
            return false;
        }

        return TryReadUtf8(Base64Url.DecodeFromChars(wrapped), out text);
    }

    private static bool TryUnescape(string escaped, out string text)
    {
        var bytes = new byte[StrictUtf8.GetMaxByteCount(escaped.Length)];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '%')
            {
                // Surrogate pairs are encoded as one; a lone half becomes U+FFFD, which no name may contain.
                var width = char.IsHighSurrogate(escaped[i]) && i + 1 < escaped.Length && char.IsLowSurrogate(escaped[i + 1]) ? 2 : 1;
                length += Encoding.UTF8.GetBytes(escaped.AsSpan(i, width), bytes.AsSpan(length));
                i += width - 1;
                continue;
            }

            if (i + 2 >= escaped.Length || !char.IsAsciiHexDigit(escaped[i + 1]) || !char.IsAsciiHexDigit(escaped[i + 2]))
            {
                text = "";
                return false;
            }

            bytes[length++] = (byte)((HexValue(escaped[i + 1]) << 4) | HexValue(escaped[i + 2]));
            i += 2;
        }

        return TryReadUtf8(bytes.AsSpan(0, length), out text);
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : char.ToLowerInvariant(digit) - 'a' + 10;

    private static bool TryReadUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            // Invalid UTF-8 is an answer here, not a fault: the caller refuses with a sentence.
            text = "";
            return false;
        }
    }
}
