using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>Messages of keyboard-interactive (RFC 4256).</summary>
internal static class InteractiveMessages
{
    private const int MaxAnswerLength = 1024;

    /// <summary>SSH_MSG_USERAUTH_INFO_REQUEST (RFC 4256 section 3.2) with one prompt.</summary>
    public static ReadOnlyMemory<byte> Request(AuthenticationQuestion question)
    {
        var message = SshWriter.Message(MessageNumber.UserAuthInfoRequest);
        message.WriteString(""); // name
        message.WriteString(PlainText.WithoutControls(question.Instruction, keepLines: true));
        message.WriteString(""); // language tag
        message.WriteUInt32(1);
        message.WriteString(PlainText.WithoutControls(question.Prompt));
        message.WriteBoolean(true); // echo
        return message.WrittenMemory;
    }

    /// <summary>The one answer in SSH_MSG_USERAUTH_INFO_RESPONSE (RFC 4256 section 3.4).</summary>
    public static string ReadAnswer(ReadOnlySpan<byte> payload)
    {
        var reader = new SshReader(payload[1..]);
        if (reader.ReadUInt32() is not 1 and var count)
        {
            throw new SshFormatException($"{count} answers came to one question.");
        }

        var answer = reader.ReadText();
        reader.ExpectEnd();
        return answer.Length <= MaxAnswerLength ? answer : throw new SshFormatException($"An answer may have {MaxAnswerLength} characters.");
    }
}
