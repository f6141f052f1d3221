using System.Text.Json;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>Plain words of YAML by the core schema of YAML 1.2; numbers keep their digits as written, so that 3.10 stays 3.10.</summary>
internal static class YamlScalar
{
    public static void WritePlain(Utf8JsonWriter json, string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                json.WriteNullValue();
                break;
            case "true" or "True" or "TRUE":
                json.WriteBooleanValue(true);
                break;
            case "false" or "False" or "FALSE":
                json.WriteBooleanValue(false);
                break;
            default:
                if (IsJsonNumber(text))
                {
                    json.WriteRawValue(text, skipInputValidation: true);
                }
                else
                {
                    json.WriteStringValue(text);
                }

                break;
        }
    }

    private static bool IsJsonNumber(string text)
    {
        var i = text[0] == '-' ? 1 : 0;
        var digits = Digits(text, i);
        if (digits == 0 || (digits > 1 && text[i] == '0'))
        {
            return false;
        }

        i += digits;
        if (i < text.Length && text[i] == '.')
        {
            digits = Digits(text, i + 1);
            if (digits == 0)
            {
                return false;
            }

            i += 1 + digits;
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            i += i < text.Length && text[i] is '+' or '-' ? 1 : 0;
            digits = Digits(text, i);
            i += digits;
            return digits > 0 && i == text.Length;
        }

        return i == text.Length;
    }

    private static int Digits(string text, int from)
    {
        var i = from;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i - from;
    }
}
