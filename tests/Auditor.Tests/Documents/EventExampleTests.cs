using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Workspaces.Auditor.Documents;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>Events fit their schemas, as a validator that knows nothing of ours sees it.</summary>
public sealed class EventExampleTests
{
    public static TheoryData<string> Events() => [.. EventSchemas.All.Keys];

    [Theory]
    [MemberData(nameof(Events))]
    public void Example_OfEvent_FitsItsSchema(string name) => Assert.Empty(ProblemsOf(name, EventExamples.All[name]));

    [Theory]
    [MemberData(nameof(Events))]
    public void Example_WithoutARequiredMember_DoesNotFit(string name) => Assert.All(
        EventSchemas.All[name]["required"]!.AsArray().Select(required => (string)required!),
        required =>
        {
            var example = EventExamples.All[name].DeepClone().AsObject();
            Assert.True(example.Remove(required));
            Assert.NotEmpty(ProblemsOf(name, example));
        });

    [Theory]
    [MemberData(nameof(Events))]
    public void Example_WithAMemberOfNextYear_FitsTheSchemaOfToday(string name)
    {
        var example = EventExamples.All[name].DeepClone().AsObject();
        example["addedNextYear"] = new JsonObject { ["anything"] = true };

        Assert.Empty(ProblemsOf(name, example));
        var type = EventSchemas.Types.Single(type => type.Name == name);
        var read = JsonSerializer.SerializeToNode(example.Deserialize(type, ContractsJson.Options), type, ContractsJson.Options);
        Assert.True(JsonNode.DeepEquals(EventExamples.All[name], read), $"{read}");
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Example_AsCloudEvent_FitsTheEnvelope(string name)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            CloudEvent.From(EntryOf(name))!.WriteTo(json);
        }

        Assert.Empty(ProblemsOf(CloudEventSchema.Envelope(), JsonNode.Parse(buffer.WrittenSpan)!));
    }

    [Fact]
    public void Envelope_ExampleOfThePage_FitsIt()
    {
        var text = EventsPage.Text;
        var begin = text.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var example = JsonNode.Parse(text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)])!;

        Assert.Equal("1.0", (string?)example["specversion"]);
        Assert.Empty(ProblemsOf(CloudEventSchema.Envelope(), example));
    }

    [Fact]
    public void Examples_EveryEventOfTheLog_HasOne() => Assert.Equal(EventSchemas.All.Keys.Order(), EventExamples.All.Keys.Order());

    private static LogEntry EntryOf(string name)
    {
        var envelope = new JsonObject
        {
            ["messageType"] = new JsonArray($"urn:message:Workspaces.Contracts:{name}"),
            ["message"] = EventExamples.All[name].DeepClone(),
        };
        var message = Auditor.Reading.EnvelopeReader.Read(System.Text.Encoding.UTF8.GetBytes(envelope.ToJsonString()), $"Workspaces.Contracts:{name}");
        Assert.Equal(name, message.Type);
        return new LogEntry
        {
            Sequence = 1,
            EventId = message.EventId,
            Type = message.Type,
            WorkspaceId = message.WorkspaceId,
            Owner = message.Owner,
            User = message.User,
            Target = message.Target,
            OccurredAt = message.OccurredAt!.Value,
            StoredAt = Messages.Time,
            MessageForm = message.MessageForm,
            Message = message.Message,
            MessageHash = "",
            PreviousHash = "",
            Hash = "",
        };
    }

    private static List<string> ProblemsOf(string name, JsonNode instance) => ProblemsOf(EventSchemas.All[name], instance);

    private static List<string> ProblemsOf(JsonNode schema, JsonNode instance)
    {
        // Without its id: each evaluation would register it once more.
        var anonymous = schema.DeepClone().AsObject();
        anonymous.Remove("$id");
        var results = JsonSchema.FromText(anonymous.ToJsonString())
            .Evaluate(JsonSerializer.SerializeToElement(instance), new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return results.IsValid ? [] : [.. (results.Details ?? []).Where(detail => !detail.IsValid).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors?.Values.AsEnumerable() ?? [])}")];
    }
}
