using Workspaces.Requests.Blueprints.Schema;

namespace Workspaces.Requests.Tests.Blueprints;

/// <summary>The small languages inside of blueprints.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("250m", "0.25")]
    [InlineData("2", "2")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData("1e3", "1000")]
    [InlineData("1E", "1000000000000000000")]
    public void Quantity_OfAGoodText_HasItsValue(string text, string value)
    {
        Assert.True(Quantity.TryParse(text, out var parsed));
        Assert.Equal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("Gi")]
    [InlineData("4GB")]
    [InlineData("1.2.3")]
    [InlineData("1e99")]
    [InlineData("99999999999999999999")]
    public void Quantity_OfABadText_IsNone(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("3d", 259200)]
    public void Duration_OfAGoodText_HasItsLength(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var parsed));
        Assert.Equal(TimeSpan.FromSeconds(seconds), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0h")]
    [InlineData("4")]
    [InlineData("4w")]
    [InlineData("h")]
    [InlineData("4h5")]
    [InlineData("-4h")]
    [InlineData("99999d")]
    [InlineData("9999999999999999999s")]
    public void Duration_OfABadText_IsNone(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("imge", "image")]
    [InlineData("stroage", "storage")]
    [InlineData("ENV", "env")]
    [InlineData("nonsense", null)]
    public void NearestName_OfATypingError_IsWhatWasMeant(string wrong, string? meant) =>
        Assert.Equal(meant, NearestName.Find(wrong, BlueprintSchema.Root.Fields.Keys));
}
