using System.Net;

namespace Switchyard.Simulator.Pages;

/// <summary>Plain, readable pages without scripts.</summary>
internal static class Html
{
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Page(string title, string body) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{Encode(title)}} - simulated GitHub</title>
        <link rel="icon" href="data:,">
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; }
        header { border-bottom: 1px solid #d0d7de; margin-bottom: 1.5rem; color: #59636e; }
        h1 { font-size: 1.5rem; }
        textarea { width: 100%; height: 16rem; font: 13px/1.4 ui-monospace, monospace; }
        button { font: inherit; background: #1f883d; color: #fff; border: 0; border-radius: 6px; padding: .4rem 1rem; cursor: pointer; }
        fieldset { border: 1px solid #d0d7de; border-radius: 6px; margin: 1rem 0; }
        label { display: block; margin: .25rem 0; }
        .error { background: #ffebe9; border: 1px solid #ff818266; border-radius: 6px; padding: .5rem 1rem; }
        td, th { text-align: left; padding: .2rem 1rem .2rem 0; }
        </style>
        </head>
        <body>
        <header>A simulated GitHub on this machine. Nothing here reaches the Internet.</header>
        <h1>{{Encode(title)}}</h1>
        {{body}}
        </body>
        </html>

        """;
}
