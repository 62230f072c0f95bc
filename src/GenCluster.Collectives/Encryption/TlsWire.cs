using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Encryption;

/// <summary>
/// A connection under TLS. Bytes count as sent when the kernel has all that they became; until then <see cref="Send(byte*, int, byte*, int)"/> gives 0 and
/// wants the same ones again, so that nobody need know that something is still kept here. Each step costs a copy in each
/// direction beside the cipher, and allocates nothing.
/// </summary>
internal sealed unsafe class TlsWire(Socket socket, CipherStream cipher, SslStream tls) : Wire(socket)
{
    /// <summary>As an outcome: what came cannot be decrypted, or is the peer's word that it ends the connection for a fault.</summary>
    public const int BadMessage = -74; // EBADMSG

    private const int Piece = 64 * 1024; // of some records, for one system call
    private const int HeldByTls = 20 * 1024; // no more than one record, and what belongs to it

    private readonly byte[] outgoing = new byte[Piece];
    private readonly byte[] incoming = new byte[Piece];
    private int promised; // bytes of the caller whose records are not all with the kernel
    private int incomingStart;
    private int incomingEnd;
    private ValueTask<int> reading;
    private bool isReading;
    private int wakesAt = 1;

    /// <summary>Whether a byte of the peer has come under TLS.</summary>
    public bool HasReceived { get; private set; }

    public override int Send(byte* head, int headLength, byte* body, int bodyLength)
    {
        if (promised == 0 && !TryEncrypt(head, headLength, body, bodyLength))
        {
            return cipher.SendFault != 0 ? cipher.SendFault : BadMessage;
        }

        if (!cipher.Flush(out _))
        {
            return cipher.SendFault;
        }

        var sent = promised;
        promised = 0;
        return sent;
    }

    public override int Receive(byte* head, int headLength, byte* body, int bodyLength)
    {
        if (incomingStart == incomingEnd && Decrypt() is <= 0 and var none)
        {
            return none;
        }

        return Take(head, headLength) is var taken && taken == headLength ? taken + Take(body, bodyLength) : taken;
    }

    // What is still to come is no shorter under TLS, but for what TLS has taken from the socket and not handed out yet.
    public override void WakeAt(int bytes) => RawSocket.WakeAt(File, bytes - (incomingEnd - incomingStart) - HeldByTls, ref wakesAt);

    public override void Dispose()
    {
        base.Dispose();
        tls.Dispose();
    }

    private bool TryEncrypt(byte* head, int headLength, byte* body, int bodyLength)
    {
        var ofBody = Math.Min(bodyLength, Piece - headLength);
        new ReadOnlySpan<byte>(head, headLength).CopyTo(outgoing);
        new ReadOnlySpan<byte>(body, ofBody).CopyTo(outgoing.AsSpan(headLength));
        try
        {
            var write = tls.WriteAsync(outgoing.AsMemory(0, headLength + ofBody), CancellationToken.None);
            if (!write.IsCompleted)
            {
                return false; // the stream below always takes all
            }

            write.GetAwaiter().GetResult();
            promised = headLength + ofBody;
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The bytes that are there now, decrypted; 0 if there are none, <see cref="Wire.Ended"/>, or an error's negative number.</summary>
    private int Decrypt()
    {
        try
        {
            if (!isReading)
            {
                reading = tls.ReadAsync(incoming.AsMemory(), CancellationToken.None);
                isReading = true;
            }

            while (!reading.IsCompleted)
            {
                if (!cipher.TryFeed())
                {
                    return 0;
                }
            }

            isReading = false;
            (incomingStart, incomingEnd) = (0, reading.GetAwaiter().GetResult());
            HasReceived |= incomingEnd > 0;
            return incomingEnd > 0 ? incomingEnd : Ended;
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            return cipher.ReceiveFault != 0 ? cipher.ReceiveFault : BadMessage;
        }
    }

    private int Take(byte* into, int length)
    {
        var count = Math.Min(length, incomingEnd - incomingStart);
        incoming.AsSpan(incomingStart, count).CopyTo(new Span<byte>(into, count));
        incomingStart += count;
        return count;
    }
}
