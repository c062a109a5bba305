using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace ExtShell.PowerShell.Provider;

/// <summary>Content of a file, read as lines, as one text, or as bytes.</summary>
internal sealed class VolumeContentReader(Stream stream, ReadContentParameters parameters) : IContentReader
{
    private readonly StreamReader _text = new(stream, parameters.Encoding);
    private bool _isAtEnd;

    public IList Read(long readCount)
    {
        if (parameters.Raw)
            return ReadAll();
        var read = new ArrayList();
        while (!_isAtEnd && (readCount <= 0 || read.Count < readCount))
        {
            object? next = parameters.AsByteStream ? stream.ReadByte() is >= 0 and var value ? (byte)value : null : _text.ReadLine();
            if (next is null)
                _isAtEnd = true;
            else
                read.Add(next);
        }

        return read;
    }

    public void Seek(long offset, SeekOrigin origin)
    {
        stream.Seek(offset, origin);
        _text.DiscardBufferedData();
        _isAtEnd = false;
    }

    public void Close() => _text.Dispose();

    public void Dispose() => _text.Dispose();

    private object[] ReadAll()
    {
        if (_isAtEnd)
            return [];
        _isAtEnd = true;
        if (!parameters.AsByteStream)
            return [_text.ReadToEnd()];
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return [bytes.ToArray()];
    }
}

/// <summary>Content of a file, written as lines or as bytes; a mark of the encoding stands only at the begin of the file.</summary>
internal sealed class VolumeContentWriter(Stream stream, WriteContentParameters parameters) : IContentWriter
{
    private readonly MemoryStream _pending = new();

    public IList Write(IList content)
    {
        foreach (object? value in content)
        {
            object? item = value is PSObject wrapped ? wrapped.BaseObject : value;
            if (item is byte[] many)
                _pending.Write(many);
            else if (parameters.AsByteStream)
                _pending.WriteByte(Convert.ToByte(item, CultureInfo.InvariantCulture));
            else
                Append(Convert.ToString(item, CultureInfo.InvariantCulture) + (parameters.NoNewline ? "" : "\n"));
        }

        return content;
    }

    private void Append(string text)
    {
        if (_pending.Length == 0 && stream.Position == 0)
            _pending.Write(parameters.Encoding.GetPreamble());
        _pending.Write(parameters.Encoding.GetBytes(text));
    }

    public void Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

    public void Close()
    {
        if (!stream.CanWrite)
            return;
        stream.Write(_pending.ToArray());
        _pending.SetLength(0);
        stream.Dispose();
    }

    public void Dispose() => stream.Dispose();
}
