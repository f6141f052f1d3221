using System.Globalization;

namespace Switchyard.GitHub.Webhooks;

/// <summary>Takes the event out of a form, which a hook with <c>content_type: form</c> sends.</summary>
public static class WebhookBody
{
    /// <summary>The bytes of <c>payload=</c>; null when the form has none or is not percent-encoded properly.</summary>
    public static byte[]? FromForm(ReadOnlySpan<byte> form)
    {
        while (!form.IsEmpty)
        {
            var end = form.IndexOf((byte)'&');
            var field = end < 0 ? form : form[..end];
            form = end < 0 ? default : form[(end + 1)..];
            if (field.StartsWith("payload="u8))
            {
                return Decode(field["payload=".Length..]);
            }
        }

        return null;
    }

    private static byte[]? Decode(ReadOnlySpan<byte> value)
    {
        var decoded = new byte[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case (byte)'+':
                    decoded[length++] = (byte)' ';
                    break;
                case (byte)'%':
                    if (i + 2 >= value.Length || !byte.TryParse(value.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                    {
                        return null;
                    }

                    decoded[length++] = octet;
                    i += 2;
                    break;
                default:
                    decoded[length++] = value[i];
                    break;
            }
        }

        return decoded[..length];
    }
}
