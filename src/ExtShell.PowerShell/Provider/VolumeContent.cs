using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Text;

namespace ExtShell.PowerShell.Provider;

/// <summary>Content of a file, read as UTF-8 lines, as one text, or as bytes.</summary>
internal sealed class VolumeContentReader(Stream stream, bool isRaw, bool isBytes) : IContentReader
{
    private readonly StreamReader _text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    private bool _isAtEnd;

    public IList Read(long readCount)
    {
        if (isRaw)
            return ReadAll();
        var read = new ArrayList();
        while (!_isAtEnd && (readCount <= 0 || read.Count < readCount))
        {
            object? next = isBytes ? stream.ReadByte() is >= 0 and var value ? (byte)value : null : _text.ReadLine();
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
        if (!isBytes)
            return [_text.ReadToEnd()];
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return [bytes.ToArray()];
    }
}

/// <summary>Content of a file, written as UTF-8 lines or as bytes.</summary>
internal sealed class VolumeContentWriter(Stream stream, bool hasNoNewline, bool isBytes) : IContentWriter
{
    private readonly MemoryStream _pending = new();

    public IList Write(IList content)
    {
        foreach (object? value in content)
        {
            object? item = value is PSObject wrapped ? wrapped.BaseObject : value;
            if (item is byte[] many)
                _pending.Write(many);
            else if (isBytes)
                _pending.WriteByte(Convert.ToByte(item, CultureInfo.InvariantCulture));
            else
                _pending.Write(Encoding.UTF8.GetBytes(Convert.ToString(item, CultureInfo.InvariantCulture) + (hasNoNewline ? "" : "\n")));
        }

        return content;
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
