"""DE-SD as published spiral code computes it, for comparison: dense matrices to pool and unpool, and a gather that
indexes batch and vertex together."""

import torch
from torch.nn import functional as F


class Plain(torch.nn.Module):
    "DE-SD with dense D and U and a batch-index gather, sharing the weights of a fast model."

    def __init__(self, model):
        super().__init__()
        self.model, h = model, model.hierarchy
        self.spirals = [torch.from_numpy(s) for s in h.spirals]
        self.D, self.U = [], []
        for n, keep, index, weight in zip(h.sizes, h.keep, h.up_index, h.up_weight):
            down, up = torch.zeros(len(keep), n), torch.zeros(n, len(keep))
            down[torch.arange(len(keep)), torch.from_numpy(keep)] = 1
            up.scatter_add_(1, torch.from_numpy(index), torch.from_numpy(weight))
            self.D.append(down)
            self.U.append(up)

    def conv(self, x, spirals, layer):  # (B,N,C) -> (B,N,O)
        b, n, c = x.shape
        x = torch.cat([x, x.new_zeros(b, 1, c)], 1)
        rows = torch.arange(b).view(-1, 1).repeat(1, spirals.numel()).view(-1)
        near = x[rows, spirals.reshape(-1).repeat(b)].view(b * n, -1)
        return (near @ layer.weight.flatten(0, 1) + layer.bias).view(b, n, -1)

    def encode(self, x, kind):  # (B,N,3) metres -> (B,latent)
        encoder, x = getattr(self.model, kind), x * 1000
        for conv, s, D in zip(encoder.convs, self.spirals, self.D):
            x = D @ F.elu(self.conv(x, s, conv))
        return encoder.out(x.flatten(1))

    def decode(self, z):  # (B,2·latent) -> (B,N,3) metres
        decoder = self.model.decoder
        x = decoder.inp(z).view(len(z), *decoder.first)
        for conv, s, U in zip(decoder.convs, self.spirals[::-1], self.U[::-1]):
            x = F.elu(self.conv(U @ x, s, conv))
        return self.conv(x, self.spirals[0], decoder.convs[-1]) / 1000

    def forward(self, x, kind):
        z = self.encode(x, kind)
        return self.decode(torch.cat([z, z], 1))
