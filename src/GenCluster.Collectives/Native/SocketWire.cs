using System.Net.Sockets;

namespace GenCluster.Collectives.Native;

/// <summary>
/// A socket as it is: a header and its payload in one system call. Nothing here or before it, in the hello, uses the base library's
/// asynchronous calls: a socket that was used so once stays in that library's watch, which then wakes threads for every piece that comes.
/// </summary>
internal sealed unsafe class SocketWire(Socket socket) : Wire(socket)
{
    private int wakesAt = 1;

    public override int Send(byte* head, int headLength, byte* body, int bodyLength) => RawSocket.Send(File, head, headLength, body, bodyLength);

    public override int Receive(byte* head, int headLength, byte* body, int bodyLength) => RawSocket.Receive(File, head, headLength, body, bodyLength);

    public override void WakeAt(int bytes) => RawSocket.WakeAt(File, bytes, ref wakesAt);
}
